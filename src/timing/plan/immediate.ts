import { cheapestOf, hasRoom } from './present.ts';
import { wholeRun } from './run-length.ts';
import type { Plan, Situation } from './types.ts';

/** Starts where it is cheapest now; waits for nothing but room. */
export function immediate(situation: Situation): Plan {
  const place = cheapestOf(
    situation.regions.filter((each) => hasRoom(each, situation)),
    situation,
  );
  return {
    act: place === null ? 'wait' : 'run',
    reason: place === null ? 'regions-full' : 'no-strategy',
    strategy: 'immediate',
    degraded: null,
    runs: place === null ? [] : [wholeRun(situation, place, situation.now)],
    mean: null,
    meanNow: null,
  };
}
