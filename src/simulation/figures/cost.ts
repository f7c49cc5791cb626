import { at } from '../../carbon/forecast/vectors.ts';
import { entryAt, indexAt } from '../columns.ts';
import type { SimulationInput } from '../input.ts';
import { placesOf } from '../places.ts';
import type { BaselineKind } from '../problems.ts';
import { runsOf } from '../schedule.ts';
import type { Simulation } from '../schedule.ts';
import { termsAt, termsOf } from '../terms.ts';
import type { KindTerms } from '../terms.ts';

/**
 * By how much running hours times the policy's cost of their regions changed against the baseline, percent; null: a region
 * of the table has no cost, or nothing ran.
 */
export function costChangePct(input: SimulationInput, simulation: Simulation, baseline: BaselineKind): number | null {
  const costs = input.truth.regions.map((region) => input.policy.regions.get(region)?.cost ?? NaN);
  const terms = termsOf(input);
  let [before, after] = [0, 0];
  for (let job = 0; job < input.jobs.count; job += 1) {
    if (indexAt(simulation.region, job) < 0) continue;
    const kind = termsAt(terms, input.jobs, job);
    for (const { region, start, end } of runsOf(simulation, job)) after += (end - start) * entryAt(costs, region);
    const places = baseline === 'home' ? [kind.baselineHome] : placesOfJob(input, kind, job);
    before += at(input.jobs.duration, job) * meanCost(places, costs);
  }
  const change = (100 * (after - before)) / before;
  return Number.isFinite(change) ? change : null;
}

function placesOfJob({ jobs, policy }: SimulationInput, kind: KindTerms, job: number): readonly number[] {
  return placesOf(kind, at(jobs.dataGb, job), policy.scheduler.shift);
}

function meanCost(places: readonly number[], costs: readonly number[]): number {
  let sum = 0;
  for (const place of places) sum += entryAt(costs, place);
  return sum / places.length;
}
