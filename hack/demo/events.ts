import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../cluster/api.ts';
import type { Work } from './works.ts';

interface EventJson {
  readonly action?: string;
  readonly reason?: string;
  readonly note?: string;
  readonly regarding?: { readonly kind?: string; readonly name?: string };
}

const WITHIN_MS = 10_000;
const POLL_MS = 50;

/** Reason and note of Lowtide's Event about a piece of work; Events trail what they tell of. */
export async function eventOf(client: ApiClient, { kind, namespace, name }: Work, action: string): Promise<string> {
  const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
  const regards = kind === 'job' ? 'Job' : 'Pod';
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const { body } = await client.call({ method: 'GET', path });
    const { items = [] } = JSON.parse(body) as { items?: EventJson[] };
    const found = items.find(
      ({ action: done, regarding }) => done === action && regarding?.kind === regards && regarding.name === name,
    );
    if (found !== undefined) return `${found.reason ?? ''}: ${found.note ?? ''}`;
    if (Date.now() > deadline) throw new Error(`no Event ${action} about ${kind}/${name} after ${WITHIN_MS} ms`);
    await sleep(POLL_MS);
  }
}
