import { millis } from '../../carbon/units.ts';
import { interruptible } from '../../timing/plan/interruptible.ts';
import type { PlanRules, Strategy } from '../../timing/plan/types.ts';
import { lowestNow } from './lowest-now.ts';

/** Pausing costs nothing, and delay neither. */
const FREE: Omit<PlanRules, 'threshold' | 'thresholdOf'> = {
  price: 0,
  minGain: 0,
  switchCost: millis(0),
  minRun: millis(0),
  pausesLeft: Infinity,
  moveBelow: null,
};

/**
 * Let's Wait Awhile (Wiesner et al., Middleware 2021): of the time from arrival to its length plus the longest wait, runs the
 * cheapest parts that sum up to its true length, which it is told. It is `interruptible` where nothing else counts.
 */
export const waitAwhile: Strategy = (situation) => {
  const { now, waitLeft, regions, rules, run } = situation;
  if (waitLeft > 0) return interruptible({ ...situation, transfer: 0, rules: { ...rules, ...FREE } });
  const place = run?.region ?? lowestNow(regions, now);
  const runs = place === null ? [] : [{ region: place, start: now, end: null }];
  const told = { strategy: 'interruptible', degraded: null, mean: null, meanNow: null } as const;
  return { ...told, act: 'run', reason: 'no-time-left', runs };
};
