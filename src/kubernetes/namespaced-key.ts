import { metadataText } from './untyped.ts';

/** `namespace/name` of an object; null where it lacks either. */
export function namespacedKey(object: unknown): string | null {
  const [namespace, name] = [metadataText(object, 'namespace'), metadataText(object, 'name')];
  return namespace === null || name === null ? null : keyOf(namespace, name);
}

/** By what a namespaced object is known. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
