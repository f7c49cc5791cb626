import { setTimeout as sleep } from 'node:timers/promises';
import { RESIDENCY } from '../../src/policy/annotations.ts';
import type { ApiAnswer, ApiClient } from '../cluster/api.ts';
import { paragraph, say } from './page.ts';
import { ENFORCED, manifestOf, pathOf } from './works.ts';
import type { Work } from './works.ts';

/** An ordinary user: may create, change and delete workloads there, and nothing else. */
const USER = 'developer';
const MERGE = 'application/merge-patch+json';
const IN_FORCE_WITHIN_MS = 10_000;
const POLL_MS = 50;
const BINDINGS = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ENFORCED}/rolebindings`;

interface Attempt {
  readonly says: string;
  readonly send: (client: ApiClient) => Promise<ApiAnswer>;
}

/** The namespace in which residency and holds are enforced. */
export const ENFORCED_NAMESPACE = {
  metadata: { name: ENFORCED, labels: { 'lowtide.dev/enforce': 'true' }, annotations: { [RESIDENCY]: 'eu-strict' } },
};

/** Lets the user work in the enforced namespace, as `kubectl create rolebinding --clusterrole=edit` does. */
export async function letUserWork(client: ApiClient): Promise<void> {
  const subjects = [{ kind: 'User', name: USER, apiGroup: 'rbac.authorization.k8s.io' }];
  const roleRef = { kind: 'ClusterRole', name: 'edit', apiGroup: 'rbac.authorization.k8s.io' };
  const body = { metadata: { name: USER }, subjects, roleRef };
  const { status, body: why } = await client.call({ method: 'POST', path: BINDINGS, body });
  if (status !== 201 && status !== 409) throw new Error(`the user gets no rights: ${why}`);
}

/** Ways around the rules, against a held Job and with a node outside its regions. */
function attempts(held: Work, node: string): readonly Attempt[] {
  const user = USER;
  const job = `${pathOf(held)}/${held.name}`;
  const abroad: Work = { ...held, name: 'ledger-abroad', words: { class: 'deferrable', residency: 'global' } };
  const pod: Work = { ...held, kind: 'pod', name: 'ledger-there', words: {} };
  const there = manifestOf(pod) as { spec: object };
  const patch = (body: object) => (client: ApiClient) =>
    client.call({ method: 'PATCH', path: job, contentType: MERGE, body, user });
  return [
    {
      says: 'creates a Job that says lowtide.dev/residency: global',
      send: (client) => client.call({ method: 'POST', path: pathOf(abroad), body: manifestOf(abroad), user }),
    },
    {
      says: `kubectl annotate job ${held.name} --overwrite lowtide.dev/residency=global`,
      send: patch({ metadata: { annotations: { [RESIDENCY]: 'global' } } }),
    },
    { says: `kubectl patch job ${held.name}: suspend: false`, send: patch({ spec: { suspend: false } }) },
    {
      says: `creates a pod that names its node: ${node}`,
      send: (client) => {
        const body = { ...there, spec: { ...there.spec, nodeName: node } };
        return client.call({ method: 'POST', path: pathOf(pod), body, user });
      },
    },
  ];
}

/** A policy is in force a moment after it was registered: waits until the user may not resume the held Job. */
async function untilInForce(client: ApiClient, held: Work): Promise<void> {
  const path = `${pathOf(held)}/${held.name}?dryRun=All`;
  const body = { spec: { suspend: false } };
  const deadline = Date.now() + IN_FORCE_WITHIN_MS;
  while (Date.now() < deadline) {
    const { status } = await client.call({ method: 'PATCH', path, contentType: MERGE, body, user: USER });
    if (status !== 200) return;
    await sleep(POLL_MS);
  }
}

/** Tries each way, and shows what the API server says; `node` is one where it may not run. Tells whether all were refused. */
export async function tryToSlipThrough(client: ApiClient, held: Work, node: string): Promise<boolean> {
  await untilInForce(client, held);
  let refused = true;
  for (const { says, send } of attempts(held, node)) {
    const { status, body } = await send(client);
    const { message } = JSON.parse(body) as { message?: string };
    const isRefused = status === 403 || status === 422;
    refused &&= isRefused;
    say(`  ${says}`);
    paragraph(isRefused ? (message ?? body) : `ACCEPTED (${status})`, '          ', `    ${status}   `);
  }
  return refused;
}
