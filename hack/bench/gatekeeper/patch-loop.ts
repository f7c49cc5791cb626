/**
 * Patches held pods as a release does, and does nothing else: no watch, no decision, no Event. Says `ready N` once it
 * has read them, waits for a line on standard input, patches, and says `done`.
 * node hack/bench/gatekeeper/patch-loop.ts KUBECONFIG NAMESPACE CONNECTIONS CHANGE
 */
import { once } from 'node:events';
import { instant } from '../../../src/carbon/units.ts';
import { releasePatch } from '../../../src/kubernetes/held-patch.ts';
import { heldWork } from '../../../src/kubernetes/held-work.ts';
import { workPath } from '../../../src/kubernetes/work-path.ts';
import type { NodeAffinity } from '../../../src/placement/types.ts';
import type { HeldWork } from '../../../src/timing/held-work.ts';
import { ApiClient } from '../../cluster/api.ts';

/** What a release of Lowtide wrote in the same run. */
export interface LoopChange {
  readonly decision: string;
  readonly affinity: NodeAffinity | null;
}

const STRATEGIC_MERGE = 'application/strategic-merge-patch+json';
const PAGE = 500;

async function readHeld(client: ApiClient, namespace: string): Promise<readonly HeldWork[]> {
  const held: HeldWork[] = [];
  let next = '';
  do {
    const path = `/api/v1/namespaces/${namespace}/pods?limit=${PAGE}&continue=${encodeURIComponent(next)}`;
    const { status, body } = await client.call({ method: 'GET', path });
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    const page = JSON.parse(body) as { items: unknown[]; metadata: { continue?: string } };
    held.push(...page.items.map((item) => heldWork(item, 'pod')).filter((work) => work !== null));
    next = page.metadata.continue ?? '';
  } while (next !== '');
  return held;
}

async function main([kubeconfig = '', namespace = '', connections = '', change = '']: string[]): Promise<void> {
  const client = await ApiClient.fromKubeconfig(kubeconfig, Number(connections));
  const held = await readHeld(client, namespace);
  const { decision, affinity } = JSON.parse(change) as LoopChange;
  console.log(`ready ${held.length}`);
  await once(process.stdin, 'data');
  const queue = held.values();
  const one = async (): Promise<void> => {
    for (const work of queue) {
      const body = releasePatch(work, { releasedAt: instant(Date.now()), decision, affinity, pinned: false });
      const call = { method: 'PATCH', path: workPath(work), body, contentType: STRATEGIC_MERGE } as const;
      const answer = await client.call(call);
      if (answer.status !== 200) throw new Error(`${work.name}: ${answer.status} ${answer.body.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(connections) }, one));
  console.log('done');
  client.close();
  process.stdin.destroy();
}

await main(process.argv.slice(2));
