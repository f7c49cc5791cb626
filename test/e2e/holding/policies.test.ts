import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { z } from 'zod';
import { ApiClient } from '../../../hack/cluster/api.ts';
import type { ApiAnswer } from '../../../hack/cluster/api.ts';
import { openCluster } from '../../../hack/cluster/open.ts';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { eventually } from '../../support/eventually.ts';
import { DEPLOY } from '../../unit/deploy/shipped.ts';

const REGISTRATION = '/apis/admissionregistration.k8s.io/v1';
const PATHS: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: `${REGISTRATION}/validatingadmissionpolicies`,
  ValidatingAdmissionPolicyBinding: `${REGISTRATION}/validatingadmissionpolicybindings`,
  MutatingWebhookConfiguration: `${REGISTRATION}/mutatingwebhookconfigurations`,
  ValidatingWebhookConfiguration: `${REGISTRATION}/validatingwebhookconfigurations`,
};
const kubeObject = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
type KubeObject = z.infer<typeof kubeObject>;
const typeChecked = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: z.number(),
    typeChecking: z.object({ expressionWarnings: z.array(z.unknown()).optional() }),
  }),
});

async function shipped(file: string): Promise<readonly KubeObject[]> {
  const documents = loadAll(await readFile(join(DEPLOY, 'admission', file), 'utf8'));
  return documents.map((each) => kubeObject.parse(each));
}

const STRICT = 'tamper-strict';
const ORDINARY = 'tamper-ordinary';
const MALLORY = 'mallory';
const RELEASER = 'rosa';

const HELD = { 'lowtide.dev/held': 'true' };
const WORDS = {
  'lowtide.dev/class': 'deferrable',
  'lowtide.dev/held-since': '2026-03-02T12:00:00Z',
  'lowtide.dev/decision': '{}',
};
const POD = {
  metadata: { name: 'held', labels: HELD, annotations: WORDS },
  spec: {
    containers: [{ name: 'work', image: 'work' }],
    schedulingGates: [{ name: 'lowtide.dev/carbon' }, { name: 'example.com/other' }],
  },
};
const JOB = {
  metadata: { name: 'held', labels: HELD, annotations: WORDS },
  spec: {
    suspend: true,
    template: {
      metadata: { annotations: { 'lowtide.dev/residency': 'eu-strict' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: 'work' }] },
    },
  },
};
const merge = (annotations: Record<string, string | null>) => ({ metadata: { annotations } });
const template = (annotations: Record<string, string | null>) => ({ spec: { template: merge(annotations) } });
const gateGone = { spec: { schedulingGates: [{ $patch: 'delete', name: 'lowtide.dev/carbon' }] } };
const otherGateGone = { spec: { schedulingGates: [{ $patch: 'delete', name: 'example.com/other' }] } };

interface Tampering {
  kind: 'pods' | 'jobs';
  patch: unknown;
  wantRefused: boolean;
}
const TAMPERING: Readonly<Record<string, Tampering>> = {
  'removes our gate': { kind: 'pods', patch: gateGone, wantRefused: true },
  'removes another gate': { kind: 'pods', patch: otherGateGone, wantRefused: false },
  'widens a delay': { kind: 'pods', patch: merge({ 'lowtide.dev/max-delay': '9h' }), wantRefused: true },
  'takes the class away': { kind: 'pods', patch: merge({ 'lowtide.dev/class': null }), wantRefused: true },
  'claims a release': { kind: 'pods', patch: merge({ 'lowtide.dev/released-at': 'now' }), wantRefused: true },
  'removes the label': {
    kind: 'pods',
    patch: { metadata: { labels: { 'lowtide.dev/held': null } } },
    wantRefused: true,
  },
  'says hold "false"': { kind: 'pods', patch: merge({ 'lowtide.dev/hold': 'false' }), wantRefused: false },
  'says hold "true"': { kind: 'pods', patch: merge({ 'lowtide.dev/hold': 'true' }), wantRefused: true },
  'annotates something else': { kind: 'pods', patch: merge({ team: 'x' }), wantRefused: false },
  'resumes a held Job': { kind: 'jobs', patch: { spec: { suspend: false } }, wantRefused: true },
  'changes a Job’s word': { kind: 'jobs', patch: merge({ 'lowtide.dev/class': 'urgent' }), wantRefused: true },
  'changes a template’s word': {
    kind: 'jobs',
    patch: template({ 'lowtide.dev/residency': 'global' }),
    wantRefused: true,
  },
  'says hold "false" of a Job': { kind: 'jobs', patch: merge({ 'lowtide.dev/hold': 'false' }), wantRefused: false },
  'asks for more parallelism of a Job': { kind: 'jobs', patch: { spec: { parallelism: 2 } }, wantRefused: false },
};

describe('the admission policies of deploy/ on a real API server', () => {
  let cluster: TestCluster;
  let client: ApiClient;

  before(async function () {
    cluster = await openCluster({ scheduler: null });
    controlOrSkip(this, cluster);
    client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
    for (const object of await shipped('validating-policies.yaml')) {
      await made(`${PATHS[object.kind] ?? ''}?fieldValidation=Strict`, object);
    }
    await space(STRICT, { 'lowtide.dev/enforce': 'true' });
    await space(ORDINARY, {});
    await inForce();
  });
  after(async () => {
    (client as ApiClient | undefined)?.close();
    await cluster.stop();
  });

  async function made(path: string, body: unknown): Promise<void> {
    const answer = await client.call({ method: 'POST', path, body });
    assert.equal(answer.status, 201, answer.body);
  }

  async function space(name: string, labels: Record<string, string>): Promise<void> {
    await made('/api/v1/namespaces', { metadata: { name, labels } });
    const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
    await eventually(async () => (await client.call({ method: 'GET', path: account })).status === 200);
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}`;
    const rule = { apiGroups: ['lowtide.dev'], resources: ['holds'], verbs: ['release'] };
    await made(`${rbac}/roles`, { metadata: { name: 'release' }, rules: [rule] });
    for (const user of [MALLORY, RELEASER]) await bound(rbac, user, { kind: 'ClusterRole', name: 'edit' });
    await bound(rbac, RELEASER, { kind: 'Role', name: 'release' });
    await made(`/api/v1/namespaces/${name}/pods`, POD);
    await made(`/apis/batch/v1/namespaces/${name}/jobs`, JOB);
  }

  async function bound(rbac: string, user: string, role: { kind: string; name: string }): Promise<void> {
    const apiGroup = 'rbac.authorization.k8s.io';
    await made(`${rbac}/rolebindings`, {
      metadata: { name: `${user}-${role.name}` },
      roleRef: { apiGroup, ...role },
      subjects: [{ apiGroup, kind: 'User', name: user }],
    });
  }

  function patched(namespace: string, user: string, { kind, patch }: Tampering): Promise<ApiAnswer> {
    const group = kind === 'pods' ? '/api/v1' : '/apis/batch/v1';
    return client.call({
      method: 'PATCH',
      path: `${group}/namespaces/${namespace}/${kind}/held?dryRun=All`,
      contentType: 'application/strategic-merge-patch+json',
      body: patch,
      user,
    });
  }

  /** Policies and rights reach the API server's own caches a moment after they are made. */
  async function inForce(): Promise<void> {
    const [gate, resume] = [TAMPERING['removes our gate'], TAMPERING['resumes a held Job']];
    assert.ok(gate !== undefined && resume !== undefined);
    await eventually(
      async () => {
        for (const each of [gate, resume]) {
          const { body } = await patched(STRICT, MALLORY, each);
          assert.match(body, /ValidatingAdmissionPolicy/);
          assert.equal((await patched(STRICT, RELEASER, each)).status, 200);
        }
      },
      { within: 30_000 },
    );
  }

  it('are written in types that the API server knows', async () => {
    const policies = (await shipped('validating-policies.yaml')).filter(
      ({ kind }) => kind === 'ValidatingAdmissionPolicy',
    );
    assert.equal(policies.length, 2);
    for (const { kind, metadata } of policies) {
      const path = `${PATHS[kind] ?? ''}/${metadata.name}`;
      await eventually(
        async () => {
          const found = typeChecked.parse(JSON.parse((await client.call({ method: 'GET', path })).body));
          assert.equal(found.status.observedGeneration, found.metadata.generation);
          assert.deepEqual(found.status.typeChecking, {});
        },
        { within: 20_000 },
      );
    }
  });

  for (const file of ['mutating-webhooks.yaml', 'validating-webhooks.yaml']) {
    it(`stand beside webhooks that the API server takes as they are: ${file}`, async () => {
      for (const object of await shipped(file)) {
        const path = `${PATHS[object.kind] ?? ''}?dryRun=All&fieldValidation=Strict`;
        const answer = await client.call({ method: 'POST', path, body: object });
        assert.equal(answer.status, 201, answer.body);
      }
    });
  }

  for (const [what, tampering] of Object.entries(TAMPERING)) {
    const { wantRefused } = tampering;
    it(`${wantRefused ? 'refuse' : 'let pass'} in an enforced namespace who ${what}`, async () => {
      const { status, body } = await patched(STRICT, MALLORY, tampering);

      assert.equal(status, wantRefused ? 403 : 200, body);
      if (wantRefused) assert.match(body, /ValidatingAdmissionPolicy 'lowtide-(pods|jobs)'/);
    });
  }

  for (const [what, tampering] of Object.entries(TAMPERING)) {
    it(`let pass elsewhere${tampering.wantRefused ? ', with a warning,' : ''} who ${what}`, async () => {
      const { status, warnings } = await patched(ORDINARY, MALLORY, tampering);

      assert.equal(status, 200);
      assert.equal(
        warnings.some((each) => each.includes('lowtide.dev/') || each.includes('Lowtide')),
        tampering.wantRefused,
      );
    });

    it(`let pass who ${what} and may release holds`, async () => {
      assert.equal((await patched(STRICT, RELEASER, tampering)).status, 200);
    });
  }
});
