import type { Reading } from '../../../src/carbon/types.ts';
import { millis, region } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import type { World } from '../../../src/placement/facts.ts';
import type { HoldIntent } from '../../../src/policy/hold-intent.ts';
import type { PlacementIntent } from '../../../src/policy/intent.ts';
import type { StrategyName } from '../../../src/policy/strategies.ts';
import type { SchedulerSettings } from '../../../src/policy/types.ts';
import { decideHold } from '../../../src/timing/decide.ts';
import type { HoldDecision } from '../../../src/timing/types.ts';
import { intent } from '../../support/hold.ts';
import { NOW, policy, signal, workClass, world } from '../../support/world.ts';

export const ALL = ['eu-west-1', 'eu-central-1', 'us-east-1'];
export const NO_DATA: Reading = { state: 'unknown', reason: 'stale' };

/** What a decision is asked with, where that differs from the builders. */
export interface Asked {
  hold?: Partial<HoldIntent>;
  placement?: Partial<PlacementIntent>;
  created?: Instant;
  limit?: number | null;
  candidates?: readonly string[];
  values?: Record<string, number | Reading>;
  averages?: Record<string, number>;
  settings?: Partial<SchedulerSettings>;
  /** Of its class; `threshold` unless told. */
  strategy?: StrategyName;
}

/** Three regions of 300, 320 and 280 g, unless it says otherwise; the builder's threshold is 250 g. */
export const DIRTY = { 'eu-west-1': 300, 'eu-central-1': 320, 'us-east-1': 280 };

export function here({ values = DIRTY, averages = {}, settings = {} }: Asked): World {
  const regions = Object.fromEntries(ALL.map((name) => [name, { average: averages[name] ?? null }]));
  return world({ policy: policy({ regions, scheduler: settings }), signal: signal(values) });
}

export function decide(asked: Asked = {}): HoldDecision {
  const { hold = {}, placement = {}, created = NOW, limit = null, candidates = ALL, strategy = 'threshold' } = asked;
  return decideHold({
    intent: intent({ hold, placement: { workClass: workClass('patient', { strategy }), ...placement } }),
    created,
    limit: limit === null ? null : millis(limit),
    candidates: candidates.map(region),
    world: here(asked),
  });
}

/** Residency in one jurisdiction. */
export const EU = {
  residency: {
    state: 'set',
    set: { name: 'eu', jurisdictions: ['eu'], regions: null, primaryRegionOnly: false },
  },
} as const;
