import assert from 'node:assert/strict';
import { heldWork } from '../../../../src/kubernetes/held-work.ts';
import { standOf } from '../../../../src/service/explain/standing.ts';
import type { Stand } from '../../../../src/service/explain/standing.ts';
import { CLASS, DECISION, HELD_SINCE, PAUSES, RELEASED_AT, UNPINNING } from '../../../../src/policy/annotations.ts';
import type { Intent } from '../../../../src/policy/workload-intent.ts';
import { intent, minutes } from '../../../support/hold.ts';
import { pastJobObject } from '../../../support/past-jobs.ts';
import { NOW } from '../../../support/world.ts';

type Json = Record<string, unknown>;
const HELD = { [HELD_SINCE]: '2026-03-02T12:00:00Z' };
const RELEASED = { [RELEASED_AT]: '2026-03-02T12:00:00Z', [DECISION]: '{"reason":"max-delay-reached"}' };

function job(
  annotations: Record<string, string>,
  { spec = {}, status = {} }: { spec?: Json; status?: Json } = {},
): Json {
  return pastJobObject('train', { annotations, spec, status });
}

function stand(object: Json, kind: 'job' | 'pod' = 'job', wanted: Intent = intent()): Stand {
  const work = heldWork(object, kind);
  if (work === null) throw new Error('no work');
  const state = { namespace: () => undefined, cronJob: () => null, rollout: () => null, volumeTerms: () => [] };
  const surroundings = { namespace: work.namespace, ownNamespace: 'lowtide', state, now: NOW };
  return standOf({ object, work, intent: wanted, surroundings, startupAllowance: minutes(2) });
}

describe('how an object stands', () => {
  const condition = (type: string): Json => ({ conditions: [{ type, status: 'True' }] });
  const cases: Record<string, readonly [Json, Stand]> = {
    'held by us': [job(HELD, { spec: { suspend: true } }), { standing: 'held', noted: null }],
    'paused by us': [job({ ...HELD, [PAUSES]: '2' }, { spec: { suspend: true } }), { standing: 'paused', noted: null }],
    'suspended by its owner': [
      job({}, { spec: { suspend: true } }),
      { standing: 'not-ours', noted: 'suspended-by-owner' },
    ],
    complete: [job(RELEASED, { status: condition('Complete') }), { standing: 'finished', noted: 'finished' }],
    failed: [job(HELD, { status: condition('Failed') }), { standing: 'finished', noted: 'failed' }],
    'released, without pods yet': [job(RELEASED), { standing: 'released', noted: 'max-delay-reached' }],
    'released and running': [
      job(RELEASED, { status: { active: 1 } }),
      { standing: 'running', noted: 'max-delay-reached' },
    ],
    'about to lose its region': [
      job({ ...RELEASED, [UNPINNING]: 'true' }, { spec: { suspend: true } }),
      { standing: 'released', noted: 'max-delay-reached' },
    ],
    'not held when it was created': [
      job({ [CLASS]: 'deferrable' }),
      { standing: 'running', noted: 'not-held-at-creation' },
    ],
    'of another controller': [
      job({}, { spec: { managedBy: 'example.com/other' } }),
      { standing: 'not-ours', noted: 'managed-by-other' },
    ],
  };
  for (const [name, [object, expected]] of Object.entries(cases)) {
    it(`is told of a Job ${name}`, () => {
      assert.deepEqual(stand(object), expected);
    });
  }

  it('is told of what never asked to be held', () => {
    const wanted = intent({ optedIn: false });

    assert.deepEqual(stand(job({}), 'job', wanted), { standing: 'not-ours', noted: 'not-opted-in' });
  });

  it('is told of a running pod as of the moment before it had a node', () => {
    const pod = { ...job({}), spec: { nodeName: 'a', containers: [] }, status: { phase: 'Running' } };

    assert.deepEqual(stand(pod, 'pod'), { standing: 'running', noted: 'not-held-at-creation' });
  });
});
