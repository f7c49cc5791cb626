import type { NodeFacts } from '../placement/types.ts';
import { KubernetesError } from './errors.ts';
import { statusError } from './api-get.ts';
import { nodeFacts } from './node-facts.ts';
import { member, metadataText, text } from './untyped.ts';

/** One line of a watch, understood; `resourceVersion` is where a later watch continues, null where the line says none. */
export type NodeEvent =
  | { readonly kind: 'put'; readonly node: NodeFacts | null; readonly resourceVersion: string | null }
  | { readonly kind: 'remove'; readonly name: string | null; readonly resourceVersion: string | null }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string | null };

/** Reads one line of a watch of nodes. An ERROR event and a line that is no event are thrown, as ApiErrors. */
export function nodeEvent(line: string, regionLabel: string): NodeEvent {
  const event = parse(line);
  const object = member(event, 'object');
  const resourceVersion = metadataText(object, 'resourceVersion');
  switch (member(event, 'type')) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'put', node: nodeFacts(object, regionLabel), resourceVersion };
    case 'DELETED':
      return { kind: 'remove', name: metadataText(object, 'name'), resourceVersion };
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion };
    case 'ERROR':
      throw statusError(codeOf(object), text(member(object, 'message')) ?? 'watch ended by the server');
    default:
      throw new KubernetesError('invalid-answer', 'a watch event of no known type');
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new KubernetesError('invalid-answer', 'a line of the watch is not JSON', { cause });
  }
}

function codeOf(status: unknown): number {
  const code = member(status, 'code');
  return typeof code === 'number' ? code : 500;
}
