import { KubernetesError } from '../../src/kubernetes/errors.ts';
import type { ApiErrorCode } from '../../src/kubernetes/errors.ts';
import type { ReleaseChange, ReleaseOutcome } from '../../src/kubernetes/release-work.ts';
import { instant, millis } from '../../src/carbon/units.ts';
import type { Instant } from '../../src/carbon/units.ts';
import { CLASS, DECISION, HELD_SINCE, RELEASED_AT } from '../../src/policy/annotations.ts';
import type { HeldWorkIndex } from '../../src/service/cluster-state.ts';
import type { ClusterCalls, GatekeeperEvent } from '../../src/service/gatekeeper/ports.ts';
import type { HeldWork } from '../../src/timing/held-work.ts';
import { scheduling } from './hold.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Kept {
  work: HeldWork;
  labelled: boolean;
}

/** One release that the cluster took. */
export interface Patch {
  readonly uid: string;
  readonly at: Instant;
  readonly change: ReleaseChange;
}

/** How one call goes wrong: before it does anything, or after, so that only its answer is lost. */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly code: ApiErrorCode;
}

type Call = 'release' | 'note' | 'relabel' | 'read' | 'sweep' | 'event';
type Listener = Parameters<HeldWorkIndex['onChange']>[0];

/** A cluster of held work in memory: versions are checked, the index hears of changes a little later. */
export class FakeHeldCluster implements ClusterCalls {
  readonly patches: Patch[] = [];
  readonly events: GatekeeperEvent[] = [];
  readonly calls: { readonly call: Call; readonly uid: string; readonly at: Instant }[] = [];
  /** Asked of every call; undefined: it goes well. */
  fault: (call: Call, uid: string) => Fault | undefined = () => undefined;
  /** Milliseconds that a call takes, and that a watch is behind. */
  latency = 5;
  watchLag = 2;
  readonly index: HeldWorkIndex;
  readonly #time: VirtualTime;
  readonly #objects = new Map<string, Kept>();
  readonly #indexed = new Map<string, HeldWork>();
  readonly #listeners: Listener[] = [];
  readonly #eventKeys = new Set<string>();
  #version = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
    const indexed = this.#indexed;
    this.index = {
      get size() {
        return indexed.size;
      },
      all: () => indexed.values(),
      get: (uid) => indexed.get(uid),
      onChange: (listener) => {
        this.#listeners.push(listener);
      },
    };
  }

  /** Creates held work, known to the index at once. */
  hold(part: Partial<HeldWork> = {}): HeldWork {
    this.#version += 1;
    const uid = part.uid ?? `uid-${this.#version}`;
    const work: HeldWork = {
      kind: 'job',
      namespace: 'team',
      name: uid,
      uid,
      resourceVersion: String(this.#version),
      created: this.#time.now(),
      annotations: { [CLASS]: 'deferrable' },
      held: true,
      stopped: true,
      notPausable: 'not-interruptible',
      grace: millis(0),
      scheduling: scheduling(),
      cronJob: null,
      pinned: false,
      ...part,
    };
    const marked = { ...work, annotations: { [HELD_SINCE]: 'then', ...work.annotations } };
    this.#objects.set(uid, { work: marked, labelled: true });
    this.#index(uid);
    return marked;
  }

  /** Somebody changes the object. */
  edit(uid: string, part: Partial<HeldWork>, { labelled }: { labelled?: boolean } = {}): void {
    const kept = this.#objects.get(uid);
    if (kept === undefined) throw new Error(`no ${uid}`);
    this.#version += 1;
    kept.work = { ...kept.work, ...part, resourceVersion: String(this.#version) };
    kept.labelled = labelled ?? kept.labelled;
    this.#tell(uid);
  }

  remove(uid: string): void {
    this.#objects.delete(uid);
    this.#tell(uid);
  }

  get(uid: string): HeldWork | undefined {
    return this.#objects.get(uid)?.work;
  }

  labelled(uid: string): boolean {
    return this.#objects.get(uid)?.labelled === true;
  }

  get stillHeld(): readonly string[] {
    return [...this.#objects.values()].filter(({ work }) => work.held).map(({ work }) => work.uid);
  }

  /** Reasons of the Events of one action, by uid. */
  told(action: GatekeeperEvent['action']): Record<string, string> {
    const found = this.events.filter((event) => event.action === action);
    return Object.fromEntries(found.map(({ work, reason }) => [work.uid, reason]));
  }

  async release(work: HeldWork, change: (work: HeldWork) => ReleaseChange | null): Promise<ReleaseOutcome | 'kept'> {
    return this.#call('release', work.uid, async () => {
      let current = work;
      for (;;) {
        const wanted = change(current);
        if (current.held && wanted === null) return 'kept';
        await this.#time.delay(this.latency);
        const kept = this.#objects.get(work.uid);
        if (kept === undefined) return 'gone';
        if (kept.work.resourceVersion !== current.resourceVersion) {
          if (!kept.labelled && !kept.work.held) return 'already-released';
          current = kept.work;
          continue;
        }
        return this.#free(kept, wanted);
      }
    });
  }

  async note({ uid }: HeldWork, decision: string): Promise<void> {
    await this.#call('note', uid, () => {
      const kept = this.#objects.get(uid);
      if (kept?.work.held === true) this.edit(uid, { annotations: { ...kept.work.annotations, [DECISION]: decision } });
    });
  }

  async relabel({ uid }: HeldWork): Promise<void> {
    await this.#call('relabel', uid, () => {
      if (this.get(uid)?.held === true) this.edit(uid, {}, { labelled: true });
    });
  }

  async read({ uid }: HeldWork): Promise<HeldWork | null> {
    return this.#call('read', uid, () => this.get(uid) ?? null);
  }

  async sweep(take: (found: HeldWork) => void): Promise<void> {
    await this.#call('sweep', '', () => {
      for (const { work, labelled } of this.#objects.values()) {
        if (!labelled && (work.held || RELEASED_AT in work.annotations)) take(work);
      }
    });
  }

  async writeEvent(event: GatekeeperEvent): Promise<'written' | 'dropped'> {
    const { work, action, reason, occasion = '' } = event;
    return this.#call('event', work.uid, () => {
      const key = [work.uid, action, reason, occasion].join(' ');
      if (!this.#eventKeys.has(key)) this.events.push(event);
      this.#eventKeys.add(key);
      return 'written';
    });
  }

  #free(kept: Kept, wanted: ReleaseChange | null): ReleaseOutcome {
    const { work } = kept;
    const written =
      wanted === null ? {} : { [RELEASED_AT]: new Date(wanted.releasedAt).toISOString(), [DECISION]: wanted.decision };
    const annotations = { ...work.annotations, ...written };
    if (work.held && wanted !== null) this.patches.push({ uid: work.uid, at: this.#time.now(), change: wanted });
    this.edit(work.uid, { held: false, annotations }, { labelled: false });
    return work.held ? 'released' : 'already-released';
  }

  async #call<T>(call: Call, uid: string, act: () => T | Promise<T>): Promise<T> {
    this.calls.push({ call, uid, at: this.#time.now() });
    const fault = this.fault(call, uid);
    await this.#time.delay(this.latency);
    if (fault?.when === 'before') throw new KubernetesError(fault.code, 'before');
    const outcome = await act();
    if (fault?.when === 'after') throw new KubernetesError(fault.code, 'after');
    return outcome;
  }

  #tell(uid: string): void {
    void this.#time.delay(this.watchLag).then(() => {
      this.#index(uid);
    });
  }

  #index(uid: string): void {
    const kept = this.#objects.get(uid);
    const before = this.#indexed.get(uid) ?? null;
    const work = kept?.labelled === true ? kept.work : null;
    if (before?.resourceVersion === work?.resourceVersion) return;
    if (work === null) this.#indexed.delete(uid);
    else this.#indexed.set(uid, work);
    for (const listener of this.#listeners) listener(uid, work, before);
  }
}

export function ago(time: VirtualTime, ms: number): Instant {
  return instant(time.now() - ms);
}
