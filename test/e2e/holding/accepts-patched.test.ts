import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ApiClient } from '../../../hack/cluster/api.ts';
import { openCluster } from '../../../hack/cluster/open.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { admitJob, admitPod, CLASSES, cleanWorld, dirtyWorld } from '../../support/admission.ts';
import { jobArbitrary, podArbitrary } from '../../support/admission-objects.ts';
import { eventually } from '../../support/eventually.ts';
import { policy } from '../../support/world.ts';

const NAMESPACE = 'accepts-patched';
const EACH = 300;
const AT_ONCE = 8;
const marks = { policy: policy({ classes: CLASSES, scheduler: { placement: 'extender', marks: true } }) };
/** In turn, so that each object meets one of them. */
const WORLDS = [dirtyWorld(), cleanWorld(), dirtyWorld(marks)];

const KINDS = [
  { kind: 'pods', path: '/api/v1', objects: podArbitrary({ valid: true }), admit: admitPod },
  { kind: 'jobs', path: '/apis/batch/v1', objects: jobArbitrary({ valid: true }), admit: admitJob },
] as const;

describe('a real API server', () => {
  let cluster: TestCluster;
  let client: ApiClient;

  before(async () => {
    cluster = await openCluster({ scheduler: null });
    client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
    await client.call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: NAMESPACE } } });
    const account = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`;
    await eventually(async () => (await client.call({ method: 'GET', path: account })).status === 200, {
      within: 10_000,
    });
  });
  after(async () => {
    await client.call({ method: 'DELETE', path: `/api/v1/namespaces/${NAMESPACE}` });
    client.close();
    await cluster.stop();
  });

  for (const { kind, path, objects, admit } of KINDS) {
    const create = async (object: unknown) => {
      const body = { ...(object as object), metadata: { ...(object as { metadata: object }).metadata, name: 'work' } };
      const to = `${path}/namespaces/${NAMESPACE}/${kind}?dryRun=All&fieldValidation=Strict`;
      return client.call({ method: 'POST', path: to, body });
    };

    it(`takes every valid one of ${kind} with admission’s patch as it takes it without`, async () => {
      let changed = 0;
      let index = 0;
      const queue = fc.sample(objects, { numRuns: EACH, seed: 4 }).values();
      const worker = async (): Promise<void> => {
        for (const object of queue) {
          const world = WORLDS[(index += 1) % WORLDS.length];
          const { after, patch, refusal } = await admit(object, world === undefined ? {} : { world });
          if (refusal !== null) continue;
          const plain = await create(object);
          assert.equal(plain.status, 201, `the generator is to make valid objects: ${plain.body}`);
          const answer = await create(after);
          assert.equal(answer.status, 201, `${answer.body}\n${JSON.stringify(object)}\n${JSON.stringify(patch)}`);
          if (patch.length > 0) changed += 1;
        }
      };

      await Promise.all(Array.from({ length: AT_ONCE }, worker));

      assert.ok(changed > EACH / 3, `${changed} of ${EACH} were changed`);
    });
  }
});
