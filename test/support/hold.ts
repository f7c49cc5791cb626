import { instant, millis } from '../../src/carbon/units.ts';
import type { Instant, Millis } from '../../src/carbon/units.ts';
import type { HoldIntent } from '../../src/policy/hold-intent.ts';
import type { PlacementIntent } from '../../src/policy/intent.ts';
import type { Intent } from '../../src/policy/workload-intent.ts';
import type { NodeAffinity, NodeRequirement, NodeSelectorTerm, PodScheduling } from '../../src/placement/types.ts';
import type { HoldCandidate } from '../../src/timing/types.ts';
import { grams } from './world.ts';

/** Builders of what decisions on holding rest on: a test states only what matters to it. */
export function at(time: string): Instant {
  return instant(Date.parse(time));
}

export function minutes(count: number): Millis {
  return millis(count * 60_000);
}

export function hours(count: number): Millis {
  return minutes(count * 60);
}

/** A Job that nobody made, of nobody's, in an ordinary namespace. */
export function candidate(part: Partial<HoldCandidate> = {}): HoldCandidate {
  return {
    kind: 'job',
    controller: 'none',
    systemNamespace: false,
    suspendedByOwner: false,
    kueue: false,
    hook: false,
    managedByOther: false,
    mirror: false,
    assigned: false,
    interactive: false,
    cronJob: null,
    rollout: null,
    activeDeadline: null,
    holdLimit: null,
    ...part,
  };
}

export function holdIntent(part: Partial<HoldIntent> = {}): HoldIntent {
  return {
    choice: 'none',
    maxDelay: hours(12),
    deadline: null,
    expectedDuration: null,
    threshold: grams(250),
    thresholdOf: 'class',
    interruptible: false,
    ...part,
  };
}

interface IntentSketch {
  hold?: Partial<HoldIntent>;
  placement?: Partial<PlacementIntent>;
  optedIn?: boolean;
}

/** Opted in, twelve hours for at most 250 g, no residency; the ceiling of placement is the threshold. */
export function intent({ hold = {}, placement = {}, optedIn = true }: IntentSketch = {}): Intent {
  const wanted = holdIntent(hold);
  return {
    placement: {
      workClass: null,
      residency: { state: 'none' },
      regions: null,
      primaryRegion: null,
      ceiling: wanted.threshold,
      latency: null,
      problems: [],
      ...placement,
    },
    hold: wanted,
    optedIn,
    data: null,
    energyKwh: null,
    effective: {},
    problems: [],
  };
}

export function scheduling(part: Partial<PodScheduling> = {}): PodScheduling {
  return { nodeSelector: {}, nodeAffinity: null, tolerations: [], claims: [], ...part };
}

/** A term of requirements on labels. */
export function term(...matchExpressions: NodeRequirement[]): NodeSelectorTerm {
  return { matchExpressions };
}

export function isIn(key: string, ...values: string[]): NodeRequirement {
  return { key, operator: 'In', values };
}

export function required(...nodeSelectorTerms: NodeSelectorTerm[]): NodeAffinity {
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
}
