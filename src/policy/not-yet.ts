import { dotted, ownAt, rows } from './raw.ts';
import type { PolicyNotice } from './types.ts';

/** Keys that are checked and accepted and do not act yet. */
export interface NotYet {
  /** Dotted paths, `*` for a name. All of them together give one warning. */
  readonly keys: readonly string[];
  /** What a warning calls them, where the keys' own paths would say too little. */
  readonly path?: string;
  /** What they will do. */
  readonly will: string;
  /** What holds until then. */
  readonly until: string;
  /** A value that needs no warning, since it is what holds anyway. */
  readonly unless?: unknown;
}

const NO_EFFECT = 'it has no effect until then; keep it or leave it out';

/** Whatever a document may hold that does not act yet, one warning a line. docs/policy.md says the same, and a test checks it. */
export const NOT_YET: readonly NotYet[] = [
  { keys: ['regions.*.pue'], will: "scale a region's energy to that of its facility", until: NO_EFFECT },
  {
    keys: ['residency.mode'],
    unless: 'strict',
    will: 'relax how residency is enforced',
    until: 'it is treated as strict until then',
  },
  {
    path: 'residency.tenants',
    keys: ['residency.tenants.*.set', 'residency.tenants.*.mode', 'residency.tenants.*.retention'],
    will: "govern its workloads' residency and records",
    until: 'of a tenant only primaryRegion acts until then, for sets with primaryRegionOnly',
  },
  { keys: ['budgets'], will: 'count emissions against an allowance', until: NO_EFFECT },
];

/** One warning for each line of the table whose keys the document holds, however often. */
export function notYetWarnings(document: unknown): readonly PolicyNotice[] {
  return NOT_YET.flatMap((line) => {
    const found = line.keys.flatMap((key) => places(document, key.split('.')));
    const idle = found.filter((path) => ownAt(document, path) !== line.unless);
    const [first] = idle;
    if (first === undefined) return [];
    const several = idle.length > 1 ? line.keys.join(', ') : null;
    const path = line.path ?? several ?? dotted(first);
    return [{ path, message: `does not act yet: it will ${line.will}`, hint: line.until }];
  });
}

/** Where in the document a pattern's keys stand. */
function places(document: unknown, pattern: readonly string[]): readonly (readonly string[])[] {
  return pattern.reduce<readonly (readonly string[])[]>(
    (paths, key) =>
      paths.flatMap((path) => {
        const table = ownAt(document, path);
        const names = key === '*' ? rows(table).map(([name]) => name) : [key];
        return names.map((name) => [...path, name]).filter((place) => ownAt(document, place) !== undefined);
      }),
    [[]],
  );
}
