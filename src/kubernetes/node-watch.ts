import type { NodeFacts } from '../placement/types.ts';
import type { ApiAccess } from './api-get.ts';
import type { MutableNodeCatalog } from './node-catalog.ts';
import { DEFAULT_REGION_LABEL, nodeFacts } from './node-facts.ts';
import { ResourceWatch } from './resource-watch.ts';
import type { Keyed, ResourceSink } from './resource.ts';
import type { WatchObserver } from './watch-observer.ts';
import type { WatchTiming } from './watch-timing.ts';

/** What a node watch is made of. */
export interface NodeWatchOptions {
  readonly access: ApiAccess;
  readonly catalog: MutableNodeCatalog;
  readonly observer: WatchObserver;
  /** Label that names a node's region; topology.kubernetes.io/region unless given. */
  readonly regionLabel?: string;
  /** Aborting it stops the watch, as `stop` does. */
  readonly signal?: AbortSignal;
  readonly timing?: WatchTiming;
}

/** Keeps a catalogue in step with the nodes of the API server. */
export class NodeWatch extends ResourceWatch<NodeFacts> {
  constructor({ catalog, regionLabel = DEFAULT_REGION_LABEL, ...options }: NodeWatchOptions) {
    const read = (node: unknown): Keyed<NodeFacts> | null => {
      const facts = nodeFacts(node, regionLabel);
      return facts === null ? null : { key: facts.name, value: facts };
    };
    super({ ...options, resource: { name: 'nodes', path: '/api/v1/nodes', read }, sink: sinkOf(catalog) });
  }
}

function sinkOf(catalog: MutableNodeCatalog): ResourceSink<NodeFacts> {
  return {
    replace: (all) => {
      catalog.replace(all.map(({ value }) => value));
    },
    put: (_name, facts) => {
      catalog.put(facts);
    },
    remove: (name) => {
      catalog.remove(name);
    },
  };
}
