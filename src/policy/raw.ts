/** Reading of a document that nothing is known about yet: own properties only, so that no name reaches a prototype. */

/** A YAML mapping. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under a key or index; undefined where nothing does. */
export function own(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<PropertyKey, unknown>)[key];
}

/** What stands at a path. */
export function ownAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(own, value);
}

/** Rows of a table, in order; none where it is no table. */
export function rows(value: unknown): readonly (readonly [name: string, row: unknown])[] {
  return isTable(value) ? Object.entries(value) : [];
}

/** Entries of a list; none where it is no list. */
export function entries(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Dotted spelling of a path. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

const MAX_SHOWN = 60;

/** A value as a message shows it: short, on one line. */
export function shown(value: unknown): string {
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a table';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `a ${typeof value}`;
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}
