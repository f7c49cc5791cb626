import { HELD_LABEL, PREFIX } from '../policy/annotations.ts';
import type { HeldWork } from '../timing/held-work.ts';
import type { WorkKind } from '../timing/types.ts';
import type { ApiAccess } from './api-get.ts';
import { heldWork } from './held-work.ts';
import { ResourceWatches } from './resource-watches.ts';
import type { Keyed, Resource, ResourceSink } from './resource.ts';
import { SharedValues } from './shared-values.ts';
import { guarded } from './watch-observer.ts';
import type { WatchObserver } from './watch-observer.ts';
import type { WatchTiming } from './watch-timing.ts';

/** Told of one change after it has been taken in; `work` null: it went, `before` null: it is new. */
export type HeldWorkListener = (uid: string, work: HeldWork | null, before: HeldWork | null) => void;

/** What an index of held work is made of. */
export interface WatchedHeldWorkOptions {
  readonly access: ApiAccess;
  /** Asked once for each watch, by its name: `held-jobs`, `held-pods`. */
  readonly observer: (resource: string) => WatchObserver;
  /** Which of Lowtide's labels marks the work, with the value `"true"`; `lowtide.dev/held` unless given. */
  readonly label?: string;
  /** Jobs and pods unless given. */
  readonly kinds?: readonly WorkKind[];
  readonly timing?: WatchTiming;
}

const PATHS: Readonly<Record<WorkKind, string>> = { job: '/apis/batch/v1/jobs', pod: '/api/v1/pods' };

/** Jobs and pods that carry a label of ours, by uid, kept in step with the API server. Reads never wait. */
export class WatchedHeldWork {
  readonly #works = new Map<string, HeldWork>();
  readonly #heldOfCronJob = new Map<string, number>();
  /** Seen without trust: an async function passes for one that returns nothing. */
  readonly #listeners: ((...change: Parameters<HeldWorkListener>) => unknown)[] = [];
  readonly #scheduling = new SharedValues<HeldWork['scheduling']>();
  readonly #watches: ResourceWatches;

  constructor({ access, observer, label = HELD_LABEL, kinds = ['job', 'pod'], timing }: WatchedHeldWorkOptions) {
    this.#watches = new ResourceWatches({ access, observer, ...(timing !== undefined && { timing }) });
    for (const kind of kinds) this.#watches.add(this.#resource(kind, label), this.#sink(kind));
  }

  /** Starts, once. Resolves when all that is labelled is known or was refused (401 or 403), or when stopped. */
  async start(): Promise<void> {
    await this.#watches.start();
  }

  /** Stops for good. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#watches.stop();
  }

  /** The watches of which nothing is known because the API server refused them. */
  get refused(): readonly string[] {
    return this.#watches.refused;
  }

  get size(): number {
    return this.#works.size;
  }

  all(): Iterable<HeldWork> {
    return this.#works.values();
  }

  get(uid: string): HeldWork | undefined {
    return this.#works.get(uid);
  }

  /** How many Jobs of the CronJob with this uid are held now. */
  heldOfCronJob(uid: string): number {
    return this.#heldOfCronJob.get(uid) ?? 0;
  }

  /** Has the listener told of every change from now on. What it throws becomes a warning of the process. */
  onChange(listener: HeldWorkListener): void {
    this.#listeners.push(listener);
  }

  #resource(kind: WorkKind, label: string): Resource<HeldWork> {
    const read = (object: unknown): Keyed<HeldWork> | null => {
      const work = heldWork(object, kind);
      if (work === null) return null;
      return { key: work.uid, value: { ...work, scheduling: this.#scheduling.of(work.scheduling) } };
    };
    const name = `${label.slice(PREFIX.length)}-${kind}s`;
    return { name, path: PATHS[kind], selector: { labelSelector: `${label}=true` }, read };
  }

  #sink(kind: WorkKind): ResourceSink<HeldWork> {
    return {
      replace: (all) => {
        const present = new Set(all.map(({ key }) => key));
        const gone = [...this.all()].filter((work) => work.kind === kind && !present.has(work.uid));
        const changes = [
          ...gone.map(({ uid }) => this.#take(uid, null)),
          ...all.map(({ key, value }) => this.#take(key, value)),
        ];
        for (const tell of changes) tell();
      },
      put: (uid, work) => {
        this.#take(uid, work)();
      },
      remove: (uid) => {
        this.#take(uid, null)();
      },
    };
  }

  /** Takes one change in; what it returns tells the listeners of it, if it was one. */
  #take(uid: string, work: HeldWork | null): () => void {
    const before = this.#works.get(uid) ?? null;
    // A list repeats what is known; so does a watch that resumes.
    if (before?.resourceVersion === work?.resourceVersion) return nothing;
    if (work === null) this.#works.delete(uid);
    else this.#works.set(uid, work);
    this.#count(before, -1);
    this.#count(work, 1);
    return () => {
      for (const listener of this.#listeners) guarded(() => listener(uid, work, before));
    };
  }

  #count(work: HeldWork | null, step: 1 | -1): void {
    if (work?.held !== true || work.cronJob === null) return;
    const held = this.heldOfCronJob(work.cronJob) + step;
    if (held === 0) this.#heldOfCronJob.delete(work.cronJob);
    else this.#heldOfCronJob.set(work.cronJob, held);
  }
}

function nothing(): void {
  // The change was none.
}
