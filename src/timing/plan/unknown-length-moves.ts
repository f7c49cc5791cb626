import { instant } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { meanBetween, valueAt } from './outlook.ts';
import type { Situation } from './types.ts';
import type { ForetoldRegion } from './unknown-length-course.ts';

/**
 * What starting in a region at a moment emits on top, gCO2eq per kWh of the work, since its data has to be moved there from
 * its home; infinity: the policy wants a move to save more. Where nothing is foretold of the home, it is taken for like.
 */
export function moveCost(place: ForetoldRegion, start: Instant, mean: Millis, situation: Situation): number {
  const { home, transfer, rules, regions } = situation;
  if (home === null || place.region === home) return 0;
  const from = regions.find(({ region }) => region === home);
  const outlook = from?.outlook ?? null;
  const there = valueAt(place.outlook, start);
  if (outlook === null) {
    // A home that is not permitted has to be left; one of which nothing is known stays.
    return from !== undefined && rules.moveBelow !== null ? Infinity : transfer * there;
  }
  const end = instant(start + mean);
  const atHome = meanBetween(outlook, start, end);
  if (rules.moveBelow !== null && meanBetween(place.outlook, start, end) >= rules.moveBelow * atHome) return Infinity;
  return (transfer * (valueAt(outlook, start) + there)) / 2;
}
