import { knownNamesHint } from '../names.ts';
import { dotted, entries, isTable, own, ownAt, rows, shown } from '../raw.ts';
import type { PolicyNotice } from '../types.ts';

interface Mention {
  readonly path: readonly PropertyKey[];
  readonly region: unknown;
}

/** Regions of windows, residency sets and tenants that the regions table lacks. */
export function regionsUnlisted(document: unknown): readonly PolicyNotice[] {
  const mentions = [
    ...rows(ownAt(document, ['windows'])).flatMap(([name, row]) => listed(['windows', name, 'regions'], row)),
    ...rows(ownAt(document, ['residency', 'sets'])).flatMap(([name, row]) =>
      listed(['residency', 'sets', name, 'regions'], row),
    ),
    ...rows(ownAt(document, ['residency', 'tenants'])).map(([name, row]) => ({
      path: ['residency', 'tenants', name, 'primaryRegion'],
      region: own(row, 'primaryRegion'),
    })),
  ];
  return unlisted(document, mentions).map(({ path, region, hint }) => ({
    path: dotted(path),
    message: `${shown(region)} is not in the regions table`,
    hint,
  }));
}

/**
 * Warns of round trips to a region that the table lacks. They are kept: a workload's latency-origin may be a place
 * without nodes.
 */
export function latenciesElsewhere(document: unknown): readonly PolicyNotice[] {
  const mentions = rows(ownAt(document, ['regions'])).flatMap(([name, row]) =>
    rows(own(row, 'latency')).map(([region]) => ({ path: ['regions', name, 'latency', region], region })),
  );
  return unlisted(document, mentions).map(({ path, region, hint }) => ({
    path: dotted(path),
    message: `${shown(region)} is not in the regions table; it counts only as a latency-origin`,
    hint,
  }));
}

function listed(path: readonly PropertyKey[], row: unknown): readonly Mention[] {
  return entries(own(row, 'regions')).map((region, index) => ({ path: [...path, index], region }));
}

function unlisted(document: unknown, mentions: readonly Mention[]): readonly (Mention & { hint: string })[] {
  const table = own(document, 'regions');
  if (!isTable(table)) return []; // that there is no table is error enough
  return mentions.flatMap(({ path, region }) => {
    if (typeof region !== 'string' || Object.hasOwn(table, region)) return [];
    return [{ path, region, hint: knownNamesHint(region, Object.keys(table)) }];
  });
}
