import { interruptible } from './interruptible.ts';
import { cleanHours, hasCleanHours } from './clean-hours.ts';
import { immediate } from './immediate.ts';
import { online } from './online.ts';
import { belowThreshold, threshold } from './threshold.ts';
import type { Degradation } from './reasons.ts';
import { runNow, unpausable } from './running.ts';
import type { Plan, Situation, Strategy, StrategyName } from './types.ts';
import { unknownLength } from './unknown-length.ts';
import { window } from './window.ts';

/** How each strategy decides where it has what it needs. */
export const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  immediate,
  threshold,
  window,
  interruptible,
  online,
};

/** Strategies that may pause work that runs; under the others it runs through. */
const PAUSING: ReadonlySet<Strategy> = new Set<Strategy>([interruptible, online, ofUnknownLength]);

/**
 * What a strategy decides for one moment, the same for the service, `explain` and the simulator. Whether work may be paused
 * at all is the caller's matter: `interruptible` and `online` are asked for only then. Never throws.
 */
export function planWork(strategy: StrategyName, situation: Situation): Plan {
  if (situation.waitLeft <= 0) return runNow(situation, strategy, 'no-time-left');
  const { decide, degraded } = choose(strategy, situation);
  const goesOn = unpausable(situation) ?? (situation.run === null || PAUSING.has(decide) ? null : 'runs-through');
  if (goesOn !== null) return runNow(situation, strategy, goesOn);
  if (situation.regions.length === 0) return waitForRegion(strategy);
  const plan = releasedByAnnotation(situation) ?? decide(situation);
  return degraded === null ? plan : { ...plan, degraded };
}

interface Choice {
  readonly decide: Strategy;
  readonly degraded: Degradation | null;
}

/** The strategy that was asked for, or the next best that what is known suffices for. */
function choose(asked: StrategyName, situation: Situation): Choice {
  const plans = asked === 'window' || asked === 'interruptible';
  if (plans && situation.regions.every(({ outlook }) => outlook === null)) {
    return { decide: withoutForecast(asked, situation), degraded: 'no-forecast' };
  }
  if (asked === 'online' && !hasTrails(situation)) return { decide: threshold, degraded: 'no-trail' };
  return { decide: asked === 'interruptible' ? interrupting(situation) : STRATEGIES[asked], degraded: null };
}

function withoutForecast(asked: StrategyName, situation: Situation): Strategy {
  if (hasCleanHours(situation)) return cleanHours;
  return asked === 'interruptible' && hasTrails(situation) ? STRATEGIES.online : threshold;
}

function hasTrails({ regions }: Situation): boolean {
  return regions.some(({ trail }) => trail !== null);
}

/** What may not be paused again is planned in one piece, and what nobody knows the length of by likelihood. */
function interrupting({ run, rules, remaining }: Situation): Strategy {
  if (run === null && rules.pausesLeft <= 0) return window;
  return remaining.state === 'known' ? STRATEGIES.interruptible : ofUnknownLength;
}

function ofUnknownLength(situation: Situation): Plan {
  const { remaining } = situation;
  return unknownLength(situation, remaining.state === 'usual' ? remaining.value : null);
}

/** A threshold that the work itself names releases it whatever a forecast promises. */
function releasedByAnnotation(situation: Situation): Plan | null {
  const { rules, run } = situation;
  if (rules.thresholdOf !== 'annotation') return null;
  if (run !== null) {
    const passes = belowThreshold(situation).some(({ region }) => region === run.region);
    return passes ? runNow(situation, 'threshold', 'intensity-below-threshold') : null;
  }
  const plan = threshold(situation);
  return plan.reason === 'intensity-below-threshold' ? plan : null;
}

function waitForRegion(strategy: StrategyName): Plan {
  return {
    act: 'wait',
    reason: 'no-permitted-region',
    strategy,
    degraded: null,
    runs: [],
    mean: null,
    meanNow: null,
  };
}
