import { NAME_PATTERN } from '../names.ts';
import { dotted, ownAt, rows, shown } from '../raw.ts';
import type { PolicyNotice } from '../types.ts';

const TABLES = [
  ['classes'],
  ['regions'],
  ['windows'],
  ['residency', 'sets'],
  ['residency', 'tenants'],
  ['budgets'],
] as const;

/** Names of rows that no label or annotation could carry; `__proto__` among them. */
export function namesMalformed(document: unknown): readonly PolicyNotice[] {
  const tables: (readonly string[])[] = [
    ...TABLES,
    ...rows(ownAt(document, ['regions'])).map(([region]) => ['regions', region, 'latency']),
  ];
  return tables.flatMap((path) =>
    rows(ownAt(document, path))
      .filter(([name]) => !NAME_PATTERN.test(name))
      .map(([name]) => ({
        path: dotted([...path, name]),
        message: `${shown(name)} is not accepted as a name`,
        hint: 'accepted: letters, digits, "-", "_" and ".", at most 63, first and last a letter or digit',
      })),
  );
}
