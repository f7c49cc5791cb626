import assert from 'node:assert/strict';
import { podScheduling } from '../../../src/kubernetes/pod-scheduling.ts';
import type { PodScheduling } from '../../../src/placement/types.ts';

const NOTHING: PodScheduling = { nodeSelector: {}, nodeAffinity: null, tolerations: [], claims: [] };
const ZONES = { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['eu-west-1a', ''] };

function required(...terms: readonly unknown[]): unknown {
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  };
}

function preferred(...terms: readonly unknown[]): unknown {
  return { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms } } };
}

describe('podScheduling', () => {
  const table: Record<string, { spec: unknown; want: object }> = {
    'no spec': { spec: undefined, want: {} },
    'a spec that says nothing of nodes': { spec: { containers: [] }, want: {} },
    'a node selector': {
      spec: { nodeSelector: { disk: 'ssd', odd: 7 } },
      want: { nodeSelector: { disk: 'ssd' } },
    },
    'required terms of both kinds': {
      spec: required(
        { matchExpressions: [ZONES, { key: 'gpu', operator: 'Exists' }] },
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] },
      ),
      want: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [ZONES, { key: 'gpu', operator: 'Exists' }] },
              { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] },
            ],
          },
        },
      },
    },
    'an empty term, which matches nothing': {
      spec: required({}),
      want: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } },
    },
    'requirements that are none': {
      spec: required({ matchExpressions: [7, { key: 'a' }, { operator: 'In' }, ZONES] }),
      want: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [ZONES] }] },
        },
      },
    },
    'preferred terms': {
      spec: preferred({ weight: 30, preference: { matchExpressions: [ZONES] } }, { preference: {} }),
      want: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 30, preference: { matchExpressions: [ZONES] } }],
        },
      },
    },
    'affinity to pods alone': { spec: { affinity: { podAffinity: {} } }, want: {} },
    tolerations: {
      spec: {
        tolerations: [
          { key: 'spot', operator: 'Equal', value: 'true', effect: 'NoSchedule' },
          { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        ],
      },
      want: {
        tolerations: [
          { key: 'spot', operator: 'Equal', value: 'true', effect: 'NoSchedule' },
          { operator: 'Exists', effect: 'NoExecute' },
        ],
      },
    },
    'claims among other volumes': {
      spec: {
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'data-0' } },
          { name: 'scratch', ephemeral: { volumeClaimTemplate: {} } },
          { name: 'tmp', emptyDir: {} },
          { name: 'odd', persistentVolumeClaim: { claimName: 7 } },
        ],
      },
      want: { claims: ['data-0'] },
    },
    'parts of the wrong types': {
      spec: { nodeSelector: 'x', affinity: 1, tolerations: {}, volumes: null },
      want: {},
    },
  };
  for (const [spec, { spec: given, want }] of Object.entries(table)) {
    it(`reads ${spec}`, () => {
      assert.deepEqual(podScheduling(given), { ...NOTHING, ...want });
    });
  }

  it('shares no part with the spec', () => {
    const spec = structuredClone(required({ matchExpressions: [ZONES] })) as object;

    const before = podScheduling(spec);
    emptied(spec);

    assert.deepEqual(before, podScheduling(required({ matchExpressions: [ZONES] })));
  });
});

function emptied(object: object): void {
  for (const [key, value] of Object.entries(object)) {
    if (typeof value === 'object' && value !== null) emptied(value as object);
    Reflect.deleteProperty(object, key);
  }
}
