import type { Features, Leads } from './features.ts';
import { slotsOf } from './past.ts';
import type { Past } from './past.ts';
import { Ridge } from './ridge.ts';
import type { Weights } from './ridge.ts';
import { addProducts } from './vectors.ts';

/** Leads that are fitted to the same origins. */
interface BlockRule {
  readonly days: readonly [number, number];
  /** Hours from one origin to the next: neighbours tell the less anew, the farther ahead. Twelve different hours of the day at least. */
  readonly every: number;
  readonly lambda: number;
}

const BLOCKS: readonly BlockRule[] = [
  { days: [0, 1], every: 2, lambda: 120 },
  { days: [1, 3], every: 5, lambda: 160 },
  { days: [3, 7], every: 7, lambda: 400 },
  { days: [7, 14], every: 7, lambda: 700 },
];
/** The first day only gives a profile, the second the anomalies of the first origins. */
const FIRST_ORIGIN_DAYS = 2;
/** Origins over fewer days than this fit nothing: the prior then stands alone. */
const LEAST_DAYS = 3;
/** Share of a block's targets without which an origin is left out. */
const KNOWN_SHARE = 0.75;
/** How far ahead anything is fitted. */
export const FITTED_DAYS = 14;

/** The fitted correction of the prior for a run of leads. */
export interface BlockModel {
  readonly leads: Leads;
  /** Null: there was too little to fit. */
  readonly weights: Weights | null;
}

/** Fits one block of leads to ever more origins. */
export class BlockFit {
  readonly leads: Leads;
  readonly #every: number;
  readonly #lambda: number;
  readonly #ridge: Ridge;
  readonly #least: number;
  #next: number;

  constructor(rule: BlockRule, features: Features, past: Past) {
    const { day } = past;
    this.leads = { from: rule.days[0] * day, to: rule.days[1] * day };
    this.#every = slotsOf(rule.every, past);
    this.#lambda = rule.lambda;
    this.#least = (LEAST_DAYS * day) / this.#every;
    this.#next = FIRST_ORIGIN_DAYS * day;
    this.#ridge = new Ridge(features.count, this.leads.to - this.leads.from);
  }

  /** Takes in every origin whose whole block had ended at slot `now`, and solves. */
  fitTo(now: number, past: Past, { features, size }: Scaled): BlockModel {
    for (; this.#next + this.leads.to <= now; this.#next += this.#every) {
      const targets = this.#targets(past, features);
      if (targets !== null) this.#ridge.add(features.of(past, this.#next), targets);
    }
    const enough = this.#ridge.rows >= this.#least;
    return { leads: this.leads, weights: enough ? this.#ridge.solve(features.penalties(this.#lambda, size)) : null };
  }

  /** What the prior missed, 0 where the value is not known; null: too much is not known. */
  #targets(past: Past, features: Features): Float64Array | null {
    const missed = features.prior(past, this.#next, this.leads);
    let known = 0;
    const first = this.#next + this.leads.from;
    for (let i = 0; i < missed.length; i += 1) {
      const value = past.values[first + i] ?? NaN;
      missed[i] = Number.isNaN(value) ? 0 : value - (missed[i] ?? 0);
      if (!Number.isNaN(value)) known += 1;
    }
    return known >= KNOWN_SHARE * missed.length ? missed : null;
  }
}

/** Features, and how large anomalies are. */
export interface Scaled {
  readonly features: Features;
  /** The typical anomaly, gCO2eq/kWh. */
  readonly size: number;
}

/** The blocks that reach from now to `days` ahead. */
export function blockFits(days: number, features: Features, past: Past): readonly BlockFit[] {
  return BLOCKS.filter((rule) => rule.days[0] < days).map((rule) => new BlockFit(rule, features, past));
}

/** From an origin, over the leads [0, `to`). */
export interface Origin {
  readonly origin: number;
  readonly to: number;
}

/** Forecast from an origin for the leads up to `to` or the end of the blocks, in order, gCO2eq/kWh; not bounded below. */
export function foretell(
  blocks: readonly BlockModel[],
  past: Past,
  features: Features,
  { origin, to }: Origin,
): Float64Array {
  const values = features.prior(past, origin, { from: 0, to: Math.min(to, blocks.at(-1)?.leads.to ?? 0) });
  const told = features.of(past, origin);
  for (const { leads, weights } of blocks) {
    if (weights !== null) addProducts(values.subarray(leads.from, leads.to), weights, told);
  }
  return values;
}
