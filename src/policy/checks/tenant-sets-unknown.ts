import { knownNamesHint } from '../names.ts';
import { dotted, own, ownAt, rows, shown } from '../raw.ts';
import { builtInSets } from '../schema/residency.ts';
import type { PolicyNotice } from '../types.ts';

/** Tenants whose residency set is neither built in nor in the document. */
export function tenantSetsUnknown(document: unknown): readonly PolicyNotice[] {
  const written = rows(ownAt(document, ['residency', 'sets'])).map(([name]) => name);
  const known = [...new Set([...Object.keys(builtInSets), ...written])];
  return rows(ownAt(document, ['residency', 'tenants'])).flatMap(([tenant, row]) => {
    const set = own(row, 'set');
    if (typeof set !== 'string' || known.includes(set)) return [];
    const path = dotted(['residency', 'tenants', tenant, 'set']);
    return [{ path, message: `${shown(set)} is not a residency set`, hint: knownNamesHint(set, known) }];
  });
}
