import { member } from '../../kubernetes/untyped.ts';

/** Where a value stands in a JSON object: the keys on the way to it. */
export type Path = readonly string[];

/** The value at a path; undefined where there is none. */
export function at(object: unknown, path: Path): unknown {
  return path.reduce(member, object);
}

/**
 * A copy of the object with the value at the path. What is on the way is copied, made where it is missing, and shared
 * where it is not; the object itself never changes.
 */
export function put(object: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return { ...membersOf(object), [key]: put(member(object, key), rest, value) };
}

/** A copy of the object without the value at the path; the object itself where there is none. */
export function drop(object: unknown, path: Path): unknown {
  const parent = path.slice(0, -1);
  const key = path.at(-1);
  const holder = membersOf(at(object, parent));
  if (key === undefined || !Object.hasOwn(holder, key)) return object;
  return put(object, parent, Object.fromEntries(Object.entries(holder).filter(([name]) => name !== key)));
}

/** The list at a path; an empty one where there is none. */
export function listAt(object: unknown, path: Path): readonly unknown[] {
  const value = at(object, path);
  return Array.isArray(value) ? value : [];
}

function membersOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
