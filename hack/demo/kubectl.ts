import { DECISION, HELD_LABEL, HELD_SINCE } from '../../src/policy/annotations.ts';
import type { ApiClient } from '../cluster/api.ts';
import { say, table } from './page.ts';
import { noteOf } from './sightings.ts';
import { pathOf } from './works.ts';
import type { Work } from './works.ts';

/** What the API server prints for kubectl. */
interface ServerTable {
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } };
  }[];
}

const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';

/** Shows the held Jobs and pods of namespaces as `kubectl get` does, with Lowtide's annotations beside them. */
export async function showHeld(client: ApiClient, namespaces: readonly string[]): Promise<void> {
  const kinds = ['job', 'pod'] as const;
  const places = namespaces.flatMap((namespace) => kinds.map((kind) => ({ kind, namespace })));
  const rows = await Promise.all(places.map((place) => heldRows(client, place)));
  say(`  $ kubectl get jobs,pods -A -l ${HELD_LABEL}=true`);
  table(['NAMESPACE', 'NAME', 'STATUS', 'HELD SINCE', 'UNTIL', 'WHY'], rows.flat());
  say(`  (the last three from the annotations ${HELD_SINCE} and ${DECISION})`);
}

async function heldRows(
  client: ApiClient,
  place: Pick<Work, 'kind' | 'namespace'>,
): Promise<readonly (readonly string[])[]> {
  const path = `${pathOf(place)}?labelSelector=${encodeURIComponent(`${HELD_LABEL}=true`)}`;
  const { status, body } = await client.call({ method: 'GET', path, accept: TABLE });
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.slice(0, 200)}`);
  const { columnDefinitions, rows } = JSON.parse(body) as ServerTable;
  const column = (name: string): number => columnDefinitions.findIndex((each) => each.name === name);
  return rows.map(({ cells, object: { metadata } }) => {
    const annotations = metadata.annotations ?? {};
    const note = noteOf(annotations);
    return [
      place.namespace,
      `${place.kind}/${String(cells[column('Name')])}`,
      String(cells[column('Status')]),
      clock(annotations[HELD_SINCE]),
      clock(note?.until),
      note?.reason ?? '',
    ];
  });
}

function clock(time = ''): string {
  return time.slice(11, 20);
}
