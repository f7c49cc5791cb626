import { millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import { isHeldByUs } from '../../kubernetes/latest-work.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { openCapacityBook } from './open-capacity-book.ts';
import { Chronicle, EVENT_LIFE } from './chronicle.ts';
import { Decisions } from './decisions.ts';
import { releasedAt } from './marks.ts';
import type { GatekeeperObserver } from './observer.ts';
import { Pins } from './pins.ts';
import { openPauses } from './open-pauses.ts';
import type { Pauses } from './pauses.ts';
import { ReleasePlanner } from './plan.ts';
import type { GatekeeperPorts } from './ports.ts';
import { ReleaseQueue } from './release-queue.ts';
import { Releaser } from './releaser.ts';
import { Rounds } from './rounds.ts';
import { Alarm } from './timing.ts';
import { Trail } from './trail.ts';

/** What may make held work ready to go; changes of the work itself come from the index. */
export type WakeCause = 'signal' | 'policy' | 'nodes' | 'namespaces';

interface GatekeeperOptions {
  readonly ports: GatekeeperPorts;
  readonly observer: GatekeeperObserver;
  readonly regionLabel: string;
}

/** Objects of the cluster change in crowds: they are taken in together. */
const SETTLE_MS = 250;
const IN_CROWDS: ReadonlySet<WakeCause> = new Set<WakeCause>(['nodes', 'namespaces']);
/** Attempts at what the API server forbids, or at what fails for no known reason; all else is tried for ever. */
const MOST_ATTEMPTS = 10;
/** Errands that are about no single piece of work. */
const SWEEP = 'sweep';

/**
 * Lets held work go in time, and pauses what runs in an hour that is too dirty for it. It gathers the world, decides on
 * each piece of work and acts on what is to go; it looks again when the signal, the policy, the nodes or the work itself
 * changes, and at the next moment that matters. Only the leader acts; whoever follows keeps its indexes and waits.
 */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #trail: Trail;
  readonly #chronicle: Chronicle;
  readonly #queue: ReleaseQueue;
  readonly #releaser: Releaser;
  readonly #rounds: Rounds;
  readonly #pins: Pins | null;
  readonly #pauses: Pauses | null;
  readonly #allAlarm: Alarm;
  readonly #changedAlarm: Alarm;
  readonly #changed = new Set<string>();
  /** Work that an errand is about to look at. */
  readonly #looks = new Set<string>();
  #leading = false;
  /** Until the first round of all the work: what it finds was there before this replica led. */
  #inherits = false;
  #wokenAt: Instant | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: GatekeeperOptions) {
    const { ports, observer, regionLabel } = options;
    const { timing } = ports;
    this.#options = options;
    this.#allAlarm = new Alarm(timing, () => {
      this.#roundOfAll();
    });
    this.#changedAlarm = new Alarm(timing, () => {
      this.#roundOfChanged();
    });
    this.#trail = this.#openTrail();
    this.#chronicle = new Chronicle({ ports, trail: this.#trail, observer });
    const { state } = ports;
    const [moves, usual] = [() => ports.moves(), (workClass: string) => ports.usual(workClass)];
    const capacity = openCapacityBook(ports);
    const decisions = new Decisions({ state, regionLabel, moves, usual, capacity });
    const planner = new ReleasePlanner({ regionLabel, pins: ports.pins !== null, moves });
    this.#releaser = this.#openReleaser(decisions, planner);
    this.#queue = this.#openQueue();
    const { queue, chronicle } = { queue: this.#queue, chronicle: this.#chronicle };
    const onNotHeld = (work: HeldWork): void => {
      this.#lookLater(work);
    };
    this.#rounds = new Rounds({ ports, decisions, queue, chronicle, observer, onNotHeld });
    this.#pins = this.#openPins(planner, decisions);
    this.#pauses = openPauses({ ports, decisions, trail: this.#trail, observer });
  }

  /** Begins to follow the index. */
  start(): void {
    const { ports, observer } = this.#options;
    for (const { kind } of ports.held.all()) observer.onHeld(kind, 1);
    ports.held.onChange((uid, work, before) => {
      this.#onChange(uid, work, before);
    });
  }

  /** This replica leads from now on: everything is looked at, and what has lost its label is looked for. */
  lead(): void {
    if (this.#leading) return;
    this.#leading = true;
    this.#inherits = true;
    this.#options.observer.onLeader(true);
    this.#wake(0);
    this.#trail.add({ uid: SWEEP, patient: false, run: () => this.#sweep() });
    this.#pins?.lead();
    this.#pauses?.lead();
  }

  /** Another replica leads, or may: nothing more is begun. Resolves when the releases under way have ended. */
  follow(): Promise<void> {
    if (!this.#leading) return this.#queue.ended();
    this.#leading = false;
    this.#options.observer.onLeader(false);
    this.#allAlarm.set(null);
    this.#changedAlarm.set(null);
    this.#changed.clear();
    this.#queue.clear();
    this.#rounds.clear();
    this.#chronicle.clear();
    this.#pins?.follow();
    this.#pauses?.follow();
    this.#trail.dropPatient();
    return this.#queue.ended();
  }

  /** Something changed that decisions rest on. */
  wake(cause: WakeCause): void {
    if (this.#leading) this.#wake(IN_CROWDS.has(cause) ? SETTLE_MS : 0);
  }

  /** Ends: what is under way, and what is still to be told, gets so much time, once. */
  stop(grace: Millis): Promise<void> {
    this.#stopping ??= this.#stop(grace);
    return this.#stopping;
  }

  async #stop(grace: Millis): Promise<void> {
    const { timing } = this.#options.ports;
    const ended = this.follow();
    const over = Promise.withResolvers<undefined>();
    const cancel = timing.after(grace, () => {
      over.resolve(undefined);
    });
    await Promise.race([ended.then(() => this.#trail.flushed()), over.promise]);
    cancel();
    this.#trail.close();
  }

  #wake(wait: number): void {
    const now = this.#options.ports.timing.now();
    this.#wokenAt ??= now;
    this.#allAlarm.setNoLater(now + wait);
  }

  #roundOfAll(): void {
    const { ports } = this.#options;
    const since = this.#wokenAt ?? ports.timing.now();
    const inherited = this.#inherits;
    this.#wokenAt = null;
    this.#inherits = false;
    this.#rounds.goAll(since, inherited);
    this.#pauses?.roundOfAll();
  }

  #roundOfChanged(): void {
    const { held, timing } = this.#options.ports;
    const works = Array.from(this.#changed, (uid) => held.get(uid)).filter((work) => work !== undefined);
    this.#changed.clear();
    this.#rounds.go({ works, since: timing.now(), inherited: false });
  }

  #onChange(uid: string, work: HeldWork | null, before: HeldWork | null): void {
    const { observer } = this.#options;
    if (before === null && work !== null) observer.onHeld(work.kind, 1);
    if (work !== null) this.#change(uid);
    else if (before !== null) {
      observer.onHeld(before.kind, -1);
      this.#onGone(before);
    }
  }

  /** Let go by us, which was to be expected, or deleted, or no longer labelled. */
  #onGone(before: HeldWork): void {
    const { uid } = before;
    this.#chronicle.forget(uid);
    if (!this.#leading || this.#rounds.leave(uid) || this.#queue.runs(uid)) return;
    this.#lookLater(before);
  }

  #change(uid: string): void {
    if (!this.#leading) return;
    this.#changed.add(uid);
    this.#changedAlarm.setNoLater(this.#options.ports.timing.now());
  }

  #lookLater(work: HeldWork): void {
    const { uid } = work;
    if (this.#looks.has(uid)) return;
    this.#looks.add(uid);
    const run = async (): Promise<void> => {
      this.#looks.delete(uid);
      try {
        await this.#releaser.look(work);
      } catch (error) {
        this.#looks.add(uid);
        throw error;
      }
    };
    // Not behind an Event of the same work, which may have to wait long.
    this.#trail.add({ uid: `look ${uid}`, patient: false, run });
  }

  /** Finds what lost its label while nobody led, and what a predecessor released and may not have told of. */
  async #sweep(): Promise<void> {
    if (!this.#leading) return;
    const { calls, timing } = this.#options.ports;
    const oldest = timing.now() - EVENT_LIFE;
    await calls.sweep((work) => {
      const at = releasedAt(work);
      if (isHeldByUs(work)) this.#lookLater(work);
      else if (at !== null && at > oldest) this.#releaser.inherit(work);
    });
  }

  #openTrail(): Trail {
    const { ports, observer } = this.#options;
    return new Trail({
      timing: ports.timing,
      random: () => ports.random(),
      busy: () => this.#queue.busy,
      mayRetry: (error, failures) => {
        const again = isApiError(error) && error.code !== 'forbidden' ? error.retryable : failures < MOST_ATTEMPTS;
        observer.onErrandFailed(error, again);
        return again;
      },
    });
  }

  #openReleaser(decisions: Decisions, planner: ReleasePlanner): Releaser {
    const { ports, observer } = this.#options;
    return new Releaser({
      ports,
      decisions,
      planner,
      chronicle: this.#chronicle,
      observer,
      leading: () => this.#leading,
      onFree: (uid) => {
        this.#rounds.setFree(uid);
      },
      onKept: (uid) => {
        this.#change(uid);
      },
      lookLater: (work) => {
        this.#lookLater(work);
      },
    });
  }

  #openQueue(): ReleaseQueue {
    const { ports } = this.#options;
    return new ReleaseQueue({
      timing: ports.timing,
      random: () => ports.random(),
      perMinute: () => ports.gather().policy.scheduler.release.perMinute,
      act: (release, due) => this.#releaser.act(release, due),
      onEnded: () => {
        this.#trail.pump();
      },
    });
  }

  #openPins(planner: ReleasePlanner, decisions: Decisions): Pins | null {
    const { ports, observer } = this.#options;
    if (ports.pins === null) return null;
    return new Pins({
      calls: ports.pins,
      timing: ports.timing,
      trail: this.#trail,
      observer,
      pinTimeout: () => millis(ports.gather().policy.scheduler.pinTimeout),
      unpinned: (work) => planner.unpin(work, decisions.judge(work, ports.gather())),
    });
  }
}
