import type { GramsPerKwh, Millis, Region } from '../carbon/units.ts';
import type { Weights } from '../policy/types.ts';

/** What a region is scored on; null is "no data". */
export interface ScoreInput {
  readonly region: Region | null;
  readonly intensity: GramsPerKwh | null;
  readonly cost: number | null;
  readonly latency: Millis | null;
  readonly availability: number | null;
}

/** How the terms are weighed. */
export interface ScoreSettings {
  readonly weights: Weights;
  /** Share of the best total within which regions are equally good. */
  readonly tie: number;
  readonly latencyBudget: Millis | null;
}

/** The terms of a region's total, each 0 (worst) to 1 (best); null where the term says nothing in this list. */
export interface Terms {
  readonly carbon: number | null;
  readonly cost: number | null;
  readonly latency: number | null;
  readonly availability: number | null;
}

/** A region's score, whole, 0 to 10, with what it came from. */
export interface RegionScore {
  readonly region: Region | null;
  readonly score: number;
  /** Weighted mean of the terms, 0 to 1. */
  readonly total: number;
  readonly terms: Terms;
}

/** kube-scheduler's MaxExtenderPriority. */
const TOP = 10;
/** Quotients are compared to this precision, so that a common factor in all intensities cannot tip a score. */
const PRECISION = 1e-9;
const TERMS = ['carbon', 'cost', 'latency', 'availability'] as const;

/**
 * Scores regions against one another; docs/adr/0003-placement-score.md gives the formula and its alternatives.
 * carbon = min(I)/I, cost = min(C)/C, latency = 1 - L/budget (or 1 - L/max(L)), availability = its share;
 * total = weighted mean over the terms of which anything is known, no data standing at the median of the known;
 * score = 10 within `tie` of the best total, else floor(10 x total/best), at most 9.
 */
export function scoreRegions(inputs: readonly ScoreInput[], settings: ScoreSettings): readonly RegionScore[] {
  const terms = termsOf(inputs, settings);
  const totals = capUnknown(
    inputs,
    terms.map((each) => weightedMean(each, settings.weights)),
  );
  const best = Math.max(0, ...totals);
  return inputs.map(({ region }, index) => {
    const total = totals[index] ?? 0;
    return { region, total, score: toScore(total, best, settings.tie), terms: terms[index] ?? NOTHING_KNOWN };
  });
}

const NOTHING_KNOWN: Terms = { carbon: null, cost: null, latency: null, availability: null };

function termsOf(inputs: readonly ScoreInput[], { latencyBudget }: ScoreSettings): readonly Terms[] {
  const carbon = neutral(shareOfBest(inputs.map(({ intensity }) => intensity)));
  const cost = neutral(shareOfBest(inputs.map((input) => input.cost)));
  const latency = neutral(
    nearness(
      inputs.map((input) => input.latency),
      latencyBudget,
    ),
  );
  const availability = neutral(inputs.map((input) => input.availability));
  return inputs.map((_, index) => ({
    carbon: carbon[index] ?? null,
    cost: cost[index] ?? null,
    latency: latency[index] ?? null,
    availability: availability[index] ?? null,
  }));
}

/** Smallest over own: 1 for the best, 0.5 for twice as much. Free of scale, and a far worse region changes nothing. */
function shareOfBest(values: readonly (number | null)[]): readonly (number | null)[] {
  const best = Math.min(...values.filter((value) => value !== null));
  return values.map((value) => {
    if (value === null) return null;
    return value === best ? 1 : best / value;
  });
}

/** What is left of the budget, or without one of the longest way in the list. */
function nearness(values: readonly (number | null)[], budget: number | null): readonly (number | null)[] {
  const far = budget ?? Math.max(...values.filter((value) => value !== null));
  return values.map((value) => {
    if (value === null) return null;
    return far > 0 ? Math.max(0, 1 - value / far) : 1;
  });
}

/** No data stands at the median of the known; where nothing is known the term stays silent for all. */
function neutral(values: readonly (number | null)[]): readonly (number | null)[] {
  const known = values.filter((value) => value !== null);
  const middle = median(known);
  return values.map((value) => value ?? middle);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  return high === undefined || low === undefined ? null : (low + high) / 2;
}

function weightedMean(terms: Terms, weights: Weights): number {
  let sum = 0;
  let weight = 0;
  for (const name of TERMS) {
    const value = terms[name];
    if (value === null) continue;
    sum += weights[name] * value;
    weight += weights[name];
  }
  return weight > 0 ? sum / weight : 1;
}

/** A region whose carbon is not known may tie with the best of the known, and never stands above it. */
function capUnknown(inputs: readonly ScoreInput[], totals: readonly number[]): readonly number[] {
  const ofKnown = totals.filter((_, index) => inputs[index]?.intensity !== null);
  if (ofKnown.length === 0) return totals;
  const limit = Math.max(...ofKnown);
  return totals.map((total, index) => (inputs[index]?.intensity === null ? Math.min(total, limit) : total));
}

function toScore(total: number, best: number, tie: number): number {
  const share = best > 0 ? total / best : 1;
  if (share >= 1 - tie - PRECISION) return TOP;
  return Math.min(TOP - 1, Math.floor(TOP * share + PRECISION));
}
