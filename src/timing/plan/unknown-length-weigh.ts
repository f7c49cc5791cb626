import type { Millis } from '../../carbon/units.ts';
import type { Situation } from './types.ts';
import { cheapestOf, courseIn, runsIn, slotEdges } from './unknown-length-course.ts';
import type { Course, ForetoldRegion } from './unknown-length-course.ts';
import { moveCost } from './unknown-length-moves.ts';
import { optionOn, throughOf } from './unknown-length-option.ts';
import type { Option } from './unknown-length-option.ts';
import { HOUR_MS } from './unknown-length-value.ts';
import type { Terms } from './unknown-length-value.ts';

interface Candidate {
  readonly place: ForetoldRegion;
  readonly course: Course;
}

/** What is best to do, and what it would be to wait for nothing. */
export interface Weighed {
  readonly best: Option;
  /** Running through from now on, where that emits least; null: there is no place for it. */
  readonly now: ThroughNow | null;
}

/**
 * Where moving costs nothing and pauses are not scarce, each slot has its cheapest region. Else each region is weighed as
 * if the work stayed there afterwards: moving again is for later decisions, and gains little (moving every hour 0.3 % more
 * than moving once: Sukprasert et al., EuroSys 2024).
 */
export function weigh(situation: Situation, places: readonly ForetoldRegion[], mean: Millis): Weighed | null {
  const { rules, transfer } = situation;
  const terms: Terms = {
    mean: mean / HOUR_MS,
    switchCost: rules.switchCost / HOUR_MS,
    price: rules.price,
    mayPause: rules.pausesLeft > 0,
  };
  const edges = slotEdges(situation, places, mean);
  const candidates = places.map((place) => ({ place, course: courseIn(place, edges, situation) }));
  const own = candidates.find(({ place }) => runsIn(situation, place)) ?? candidates[0];
  if (own === undefined) return null;
  const now = throughNow(candidates, situation, mean);
  const free = transfer === 0 && rules.moveBelow === null && rules.switchCost === 0;
  if (candidates.length > 1 && !(free && rules.pausesLeft >= edges.length)) {
    return { best: cheapestStay(own, candidates, { terms, situation, mean }), now };
  }
  const courses = candidates.map(({ course }) => course);
  return { best: optionOn(cheapestOf(courses, own.course), terms, situation, situation.run !== null), now };
}

interface ThroughNow {
  readonly place: ForetoldRegion;
  /** Moving included, gCO2eq/kWh. */
  readonly mean: number;
}

function throughNow(candidates: readonly Candidate[], situation: Situation, mean: Millis): ThroughNow | null {
  let best: ThroughNow | null = null;
  for (const { place, course } of candidates) {
    if (course.full[0] === 1) continue;
    const level = throughOf(course, mean / HOUR_MS) + moveCost(place, situation.now, mean, situation);
    if (level < (best?.mean ?? Infinity)) best = { place, mean: level };
  }
  return best;
}

interface Question {
  readonly terms: Terms;
  readonly situation: Situation;
  readonly mean: Millis;
}

/** The best region to stay in; of equal ones the first. Work that runs leaves its own only for the least gain. */
function cheapestStay(own: Candidate, candidates: readonly Candidate[], question: Question): Option {
  const { situation } = question;
  let best = stayIn(own, question);
  const keeps = situation.run === null ? 1 : 1 - situation.rules.minGain;
  let least = best.cost * keeps;
  for (const candidate of candidates) {
    if (candidate === own) continue;
    const option = stayIn(candidate, question);
    if (option.cost >= least) continue;
    best = option;
    least = option.cost;
  }
  return best;
}

function stayIn({ place, course }: Candidate, { terms, situation, mean }: Question): Option {
  const option = optionOn(course, terms, situation, runsIn(situation, place));
  const moved = moveCost(place, option.runs[0]?.start ?? situation.now, mean, situation);
  return { ...option, cost: option.cost + moved, mean: option.mean + moved };
}
