import assert from 'node:assert/strict';
import { deploymentOf, DEPLOYMENTS } from '../../../src/kubernetes/deployment-rollout.ts';
import { deploymentObject } from './cluster-objects.ts';

describe('the first rollout of a Deployment', () => {
  const table: Record<string, { sketch: Parameters<typeof deploymentObject>[1]; want: boolean }> = {
    'nothing has happened yet': { sketch: {}, want: true },
    'its first ReplicaSet is there': { sketch: { revision: '1', ready: 0 }, want: true },
    'it did not get done in time': { sketch: { revision: '1', progress: 'ProgressDeadlineExceeded' }, want: true },
    'a replica is ready': { sketch: { revision: '1', ready: 1 }, want: false },
    'it was complete once, and now no replica is ready': {
      sketch: { revision: '1', ready: 0, progress: 'NewReplicaSetAvailable' },
      want: false,
    },
    'it is at its second revision': { sketch: { revision: '2', ready: 0 }, want: false },
  };
  for (const [when, { sketch, want }] of Object.entries(table)) {
    it(`${want ? 'goes on' : 'is over'} when ${when}`, () => {
      assert.equal(DEPLOYMENTS.read(deploymentObject('app', sketch))?.value.first, want);
    });
  }

  it('goes on for a Deployment without a status', () => {
    const { metadata } = deploymentObject('app');
    assert.deepEqual(DEPLOYMENTS.read({ metadata }), {
      key: 'web/app',
      value: { uid: 'uid-app', first: true, progressDeadline: 600_000 },
    });
  });

  it('is not read of what has no uid', () => {
    assert.equal(DEPLOYMENTS.read({ metadata: { name: 'a', namespace: 'web' } }), null);
  });
});

describe('deploymentOf', () => {
  const table: Record<string, string | null> = {
    'app-5d8f7c9b4': 'app',
    'my-app-5d8f7c9b4': 'my-app',
    app: null,
    '-5d8f7c9b4': null,
  };
  for (const [replicaSet, want] of Object.entries(table)) {
    it(`is ${String(want)} for ${replicaSet}`, () => {
      assert.equal(deploymentOf(replicaSet), want);
    });
  }
});
