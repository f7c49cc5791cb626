import { DECISION, GATE, HELD_LABEL, HELD_SINCE } from '../../../src/policy/annotations.ts';
import { DEFERRABLE } from '../holding-world.ts';

const REGION_LABEL = 'topology.kubernetes.io/region';

/** A pod as admission leaves it: gated, marked, kept to its regions. Written so, it costs no webhook. */
export function heldPod(name: string, now: Date): object {
  const since = now.toISOString();
  const until = new Date(now.getTime() + 12 * 3_600_000).toISOString();
  const decision = { reason: 'intensity-above-threshold', intensity: 540, threshold: 250, region: 'eu-south', until };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { app: 'bench', [HELD_LABEL]: 'true' },
      annotations: { ...DEFERRABLE, [HELD_SINCE]: since, [DECISION]: JSON.stringify(decision) },
    },
    spec: {
      terminationGracePeriodSeconds: 0,
      schedulingGates: [{ name: GATE }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [REGIONS] } } },
      containers: [{ name: 'work', image: 'work' }],
    },
  };
}

const REGIONS = { matchExpressions: [{ key: REGION_LABEL, operator: 'In', values: ['eu-north', 'eu-south'] }] };
