import { setTimeout as sleep } from 'node:timers/promises';
import { DECISION, GATE, HELD_LABEL } from '../../src/policy/annotations.ts';
import type { NodeAffinity } from '../../src/placement/types.ts';
import type { ApiClient } from '../cluster/api.ts';
import { regionOfNode } from '../cluster/node-objects.ts';
import { pathOf } from './works.ts';
import type { Work } from './works.ts';

/** As much of a Job or pod as the demo looks at. */
interface LiveWork {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly suspend?: boolean;
    readonly nodeName?: string;
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly affinity?: { readonly nodeAffinity?: NodeAffinity };
  };
}

/** Where the pods of a piece of work run. */
export interface Landing {
  /** One region a pod. */
  readonly regions: readonly string[];
  /** What Lowtide wrote as preferred on one of them: regions and weights, the heaviest first. */
  readonly preferred: readonly string[];
}

/** What was seen of one piece of work. */
export interface Sighting {
  readonly held: boolean;
  /** Wall time at which it was first seen free after it was held; null: not yet. */
  readonly freeAt: number | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the annotation `lowtide.dev/decision` says, as far as the demo tells it. */
export interface Note {
  readonly reason: string;
  readonly until: string;
}

const POLL_MS = 20;

/** Watches the Jobs and pods of some namespaces. */
export class Sightings {
  readonly #client: ApiClient;
  readonly #seen = new Map<string, Sighting>();
  /** The pods of a set that have a node, by name. */
  readonly #placed = new Map<string, Map<string, LiveWork['spec']>>();
  readonly #stop = new AbortController();
  readonly #loops: readonly Promise<void>[];

  constructor(client: ApiClient, namespaces: readonly string[]) {
    this.#client = client;
    const kinds = ['job', 'pod'] as const;
    this.#loops = namespaces.flatMap((namespace) => kinds.map((kind) => this.#follow({ kind, namespace })));
  }

  /** The work as it was last seen; undefined: not yet. */
  of({ kind, namespace, name }: Work): Sighting | undefined {
    return this.#seen.get(`${pathOf({ kind, namespace })}/${name}`);
  }

  /** Waits until the work's pods have a node; throws unless all have one in time. */
  async landed(work: Work, withinMs: number): Promise<Landing> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const specs = [...(this.#placed.get(`${work.namespace}/${work.name}`)?.values() ?? [])];
      if (specs.length >= work.pods) {
        const regions = specs.map(({ nodeName = '' }) => regionOfNode(nodeName));
        return { regions, preferred: preferredOf(specs[0]?.affinity?.nodeAffinity) };
      }
      if (Date.now() > deadline) throw new Error(`${specs.length} of ${work.pods} pods of ${work.name} have a node`);
      await sleep(POLL_MS);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  async #follow(place: Pick<Work, 'kind' | 'namespace'>): Promise<void> {
    const { signal } = this.#stop;
    const path = `${pathOf(place)}?watch=true`;
    while (!signal.aborted) {
      const line = (text: string): void => {
        this.#take(place, (JSON.parse(text) as { object: LiveWork }).object);
      };
      // Ended by us, or by the API server: then the watch begins anew with the objects as they are.
      await this.#client.follow(path, line, signal).catch(() => undefined);
    }
  }

  #take(place: Pick<Work, 'kind' | 'namespace'>, { metadata, spec }: LiveWork): void {
    const held = isHeld({ metadata, spec });
    const key = `${pathOf(place)}/${metadata.name}`;
    const before = this.#seen.get(key);
    const freeAt = before?.freeAt ?? (before?.held === true && !held ? Date.now() : null);
    this.#seen.set(key, { held, freeAt, annotations: metadata.annotations ?? {} });
    this.#place(place.namespace, metadata, spec);
  }

  #place(namespace: string, { name, labels }: LiveWork['metadata'], spec: LiveWork['spec']): void {
    const set = labels?.['work'];
    if (set === undefined || spec.nodeName === undefined) return;
    const pods = this.#placed.get(`${namespace}/${set}`) ?? new Map<string, LiveWork['spec']>();
    this.#placed.set(`${namespace}/${set}`, pods.set(name, spec));
  }
}

function preferredOf(affinity: NodeAffinity = {}): readonly string[] {
  const terms = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ weight, preference }) => `${preference.matchExpressions?.[0]?.values?.[0] ?? '?'} ${weight}`);
}

/** Suspended by us, or behind our gate. */
function isHeld({ metadata, spec }: LiveWork): boolean {
  if (spec.suspend === true) return metadata.labels?.[HELD_LABEL] === 'true';
  return (spec.schedulingGates ?? []).some(({ name }) => name === GATE);
}

/** Null: Lowtide never held it. */
export function noteOf(annotations: Readonly<Record<string, string>>): Note | null {
  return JSON.parse(annotations[DECISION] ?? 'null') as Note | null;
}
