import { apiGet } from './api-get.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { ListItems } from './list-items.ts';
import { resourcePath } from './resource.ts';
import type { Keyed, Resource } from './resource.ts';
import { member, metadataText } from './untyped.ts';

/** Every object, as of one resource version: a watch continues from there. */
export interface Snapshot<Value> {
  readonly items: readonly Keyed<Value>[];
  readonly resourceVersion: string;
}

/** What a list needs to know. */
export interface ListOptions extends Patience {
  /** Objects in one answer: the larger, the longer one answer takes. */
  readonly pageSize: number;
}

/**
 * Lists all objects of a resource, page by page, keeping only what is read of each. A continue token that expired
 * meanwhile shows as `expired`: the pages of two listings do not add up, so the caller starts again from the first.
 */
export async function listResource<Value>(
  access: ApiAccess,
  resource: Resource<Value>,
  options: ListOptions,
): Promise<Snapshot<Value>> {
  const items: Keyed<Value>[] = [];
  let query: Record<string, string> = { limit: String(options.pageSize) };
  for (;;) {
    const body = await apiGet(access, resourcePath(resource, query), options);
    const frame = await readPage(body, resource.name, (object) => {
      const kept = resource.read(object);
      if (kept !== null) items.push(kept);
    });
    const next = metadataText(frame, 'continue');
    if (next === null) return { items, resourceVersion: versionOf(frame, resource.name) };
    query = { ...query, continue: next };
  }
}

/** Hands over each object of a page; returns what is around them. */
async function readPage(body: AsyncIterable<Buffer>, name: string, take: (object: unknown) => void): Promise<unknown> {
  const items = new ListItems((item) => {
    take(parse(item, name));
  });
  for await (const chunk of body) items.write(chunk);
  const frame = parse(items.frame(), name);
  // An empty list may read null; but what has no items at all must not pass for an empty cluster.
  const list = member(frame, 'items');
  if (list !== null && !Array.isArray(list)) throw invalid(`the list of ${name} has no items`);
  return frame;
}

function parse(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw invalid(`the list of ${name} is not JSON`, cause);
  }
}

function versionOf(frame: unknown, name: string): string {
  const version = metadataText(frame, 'resourceVersion');
  if (version === null) throw invalid(`the list of ${name} has no resourceVersion`);
  return version;
}

function invalid(what: string, cause?: unknown): KubernetesError {
  return new KubernetesError('invalid-answer', what, { cause });
}
