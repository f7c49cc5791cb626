import { at } from '../../carbon/forecast/vectors.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { stepIndexAt, valueAt } from '../../timing/plan/outlook.ts';
import type { Outlook } from '../../timing/plan/outlook.ts';
import type { Strategy } from '../../timing/plan/types.ts';
import { lowestNow } from './lowest-now.ts';

const DAY_MS = 24 * 3_600_000;
const PERCENTILE = 0.3;

/**
 * Ecovisor's suspend and resume as GAIA compares with it (Hanafy et al., ASPLOS 2024): runs while the intensity is below the
 * 30th percentile of the next 24 hours, the current slot among them, and from the moment its waiting is used up; knows no
 * lengths.
 */
export const ecovisor: Strategy = (situation) => {
  const { now, waitLeft, regions, run } = situation;
  const clean = regions.filter(
    ({ outlook }) => outlook !== null && valueAt(outlook, now) < percentileAhead(outlook, now),
  );
  const place = waitLeft <= 0 ? (run?.region ?? lowestNow(regions, now)) : lowestNow(clean, now);
  const told = { strategy: 'threshold', degraded: null, mean: null, meanNow: null } as const;
  if (place === null) return { ...told, act: 'wait', reason: 'intensity-above-threshold', runs: [] };
  const reason = waitLeft <= 0 ? 'no-time-left' : 'intensity-below-threshold';
  return { ...told, act: 'run', reason, runs: [{ region: place, start: now, end: null }] };
};

/** By linear interpolation between ranks, gCO2eq/kWh. */
function percentileAhead(outlook: Outlook, now: Instant): number {
  const first = stepIndexAt(outlook, now);
  const end = stepIndexAt(outlook, instant(at(outlook.edges, first) + DAY_MS - 1));
  const ahead = outlook.values.slice(first, end + 1).sort();
  const rank = PERCENTILE * (ahead.length - 1);
  const below = Math.floor(rank);
  const value = at(ahead, below);
  return rank === below ? value : value + (rank - below) * (at(ahead, below + 1) - value);
}
