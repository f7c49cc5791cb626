import { statusError } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import type { Keyed, Resource } from './resource.ts';
import { member, metadataText, text } from './untyped.ts';

/** One line of a watch, understood; `resourceVersion` is where a later watch continues, null where the line says none. */
export type ResourceEvent<Value> =
  | { readonly kind: 'put'; readonly item: Keyed<Value> | null; readonly resourceVersion: string | null }
  | { readonly kind: 'remove'; readonly key: string | null; readonly resourceVersion: string | null }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string | null };

/**
 * Reads one line of a watch. An object that stops matching the selector arrives as one that goes. An ERROR event and a
 * line that is no event are thrown, as ApiErrors.
 */
export function resourceEvent<Value>(line: string, resource: Resource<Value>): ResourceEvent<Value> {
  const event = parse(line, resource.name);
  const object = member(event, 'object');
  const resourceVersion = metadataText(object, 'resourceVersion');
  switch (member(event, 'type')) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'put', item: resource.read(object), resourceVersion };
    case 'DELETED':
      return { kind: 'remove', key: resource.read(object)?.key ?? null, resourceVersion };
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion };
    case 'ERROR':
      throw statusError(codeOf(object), text(member(object, 'message')) ?? 'watch ended by the server');
    default:
      throw new KubernetesError('invalid-answer', `an event of no known type in the watch of ${resource.name}`);
  }
}

function parse(line: string, name: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new KubernetesError('invalid-answer', `a line of the watch of ${name} is not JSON`, { cause });
  }
}

function codeOf(status: unknown): number {
  const code = member(status, 'code');
  return typeof code === 'number' ? code : 500;
}
