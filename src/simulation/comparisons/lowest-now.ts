import type { Instant, Region } from '../../carbon/units.ts';
import { valueAt } from '../../timing/plan/outlook.ts';
import type { PlanRegion } from '../../timing/plan/types.ts';

/** The region of least intensity at this moment, of equal ones the first; null: there is none. */
export function lowestNow(regions: readonly PlanRegion[], now: Instant): Region | null {
  let [lowest, least]: [Region | null, number] = [null, Infinity];
  for (const { region, outlook, intensity } of regions) {
    const value = outlook === null ? (intensity ?? Infinity) : valueAt(outlook, now);
    if (lowest !== null && value >= least) continue;
    [lowest, least] = [region, value];
  }
  return lowest;
}
