import { Engine } from './engine/engine.ts';
import type { SimulationInput } from './input.ts';
import type { Simulation } from './schedule.ts';
import { termsOf } from './terms.ts';
import { reachWithin, timeBounds, unbillableOf } from './time-left.ts';

/**
 * Runs every job of the table by the service's own decisions, on what was known when each was made, and bills it on what
 * came. The input has no problems (`problemsOf`); jobs that could run past the table are left out.
 */
export function simulate(input: SimulationInput): Simulation {
  const terms = termsOf(input);
  const bounds = timeBounds(input, terms);
  const unbillable = unbillableOf(input, terms, bounds);
  const reach = reachWithin(input.jobs, terms, { ...bounds, unbillable });
  return new Engine({ input, terms, unbillable, reach }).run();
}
