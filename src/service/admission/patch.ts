import { createPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';

/** The library's word for a comparison of one's own; it does not export it. */
type Diff = NonNullable<Parameters<typeof createPatch>[2]>;

/**
 * The JSON Patch that makes `after` of `before`; empty where nothing differs. Made from the two, it always applies to
 * the first: one that does not would make the API server refuse the object, whatever the failure policy.
 */
export function jsonPatch(before: unknown, after: unknown): readonly Operation[] {
  return createPatch(before, after, listDiff);
}

/**
 * The library looks for the shortest way between two lists, which takes cubic time: too long for what a stranger may
 * send. Our lists differ within their members, or have become longer, or else are written anew.
 */
const listDiff: Diff = (before: unknown, after: unknown, pointer) => {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  if (before === after) return [];
  if (before.length > after.length) return [{ op: 'replace', path: pointer.toString(), value: after }];
  const within = before.flatMap((each: unknown, index) => {
    const parent = pointer.add(String(index)).toString();
    return jsonPatch(each, after[index]).map((operation) => ({ ...operation, path: `${parent}${operation.path}` }));
  });
  const added = after
    .slice(before.length)
    .map((value: unknown): Operation => ({ op: 'add', path: pointer.add('-').toString(), value }));
  return [...within, ...added];
};
