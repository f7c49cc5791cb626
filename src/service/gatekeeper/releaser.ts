import type { Instant } from '../../carbon/units.ts';
import type { ReleaseChange, ReleaseOutcome } from '../../kubernetes/release-work.ts';
import { decisionNote } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { HoldDecision } from '../../timing/types.ts';
import type { Chronicle } from './chronicle.ts';
import { notedDecision, releasedAt } from './marks.ts';
import { sameBasis } from './decisions.ts';
import type { Decisions, Judgement } from './decisions.ts';
import type { GatekeeperObserver } from './observer.ts';
import { isOutage } from './outage.ts';
import type { ReleasePlanner } from './plan.ts';
import type { GatekeeperPorts } from './ports.ts';
import type { Attempt, Release } from './release-queue.ts';

interface ReleaserOptions {
  readonly ports: GatekeeperPorts;
  readonly decisions: Decisions;
  readonly planner: ReleasePlanner;
  readonly chronicle: Chronicle;
  readonly observer: GatekeeperObserver;
  /** Whether this replica leads. */
  readonly leading: () => boolean;
  /** Told when the work is no longer held, whoever let it go. */
  readonly onFree: (uid: string) => void;
  /** Told of work that is not to go after all. */
  readonly onKept: (uid: string) => void;
  /** Asked to have `look` called later: the work is not what it was thought to be. */
  readonly lookLater: (work: HeldWork) => void;
}

/** Lets single pieces of work go, and finds out what became of those that went without us. */
export class Releaser {
  readonly #options: ReleaserOptions;
  /** Attempts that failed, and may have succeeded all the same: the answer was lost. */
  readonly #attempted = new Set<string>();

  constructor(options: ReleaserOptions) {
    this.#options = options;
  }

  /** One attempt; the decision is made again if it is older than what it rests on. */
  async act({ work, judgement }: Release, due: Instant): Promise<Attempt> {
    const { ports, observer, leading } = this.#options;
    let latest = judgement;
    const change = (now: HeldWork): ReleaseChange | null => {
      latest = this.#renewed(now, now === work ? latest : null);
      return this.#change(now, latest);
    };
    try {
      const outcome = await ports.calls.release(work, change);
      this.#settle(outcome, { work, decision: latest.decision, due });
      return 'settled';
    } catch (error) {
      observer.onReleaseFailed(work, error);
      this.#attempted.add(work.uid);
      // Who follows leaves it to the leader.
      if (!leading()) return 'settled';
      return isOutage(error) ? 'outage' : 'retry';
    }
  }

  /** Looks at work that is no longer ours, as it seems: its label may be gone, or it, or somebody let it go. */
  async look(work: HeldWork): Promise<void> {
    const { ports, observer, onFree, leading } = this.#options;
    const found = await ports.calls.read(work);
    if (found === null) {
      onFree(work.uid);
      return;
    }
    const released = found.kind === 'job' && releasedAt(found) !== null;
    if (!found.held || released) await this.#wentWithoutUs(found);
    else if (leading() && ports.held.get(work.uid) === undefined) {
      await ports.calls.relabel(found);
      observer.onTampering('label-removed', found);
    }
  }

  /** Work that carries its release: it is told of if nobody has. */
  inherit(work: HeldWork): void {
    const at = releasedAt(work);
    const decision = notedDecision(work);
    if (at !== null && decision !== null) this.#options.chronicle.released(work, decision, at, true);
  }

  async #wentWithoutUs(work: HeldWork): Promise<void> {
    const { ports, chronicle, observer, onFree } = this.#options;
    const at = releasedAt(work);
    // Without a time of release it is still what admission noted when the work was held.
    const decision = at === null ? null : notedDecision(work);
    if (decision === null) {
      // Written down first: who suspends it again does so on his own account, and a successor can tell of it.
      const outcome = await ports.calls.release(work, (now) => (now.held ? null : this.#elsewhere(now)));
      if (outcome === 'kept') return;
    }
    const went = { work, decision: decision ?? ELSEWHERE, at: at ?? ports.timing.now() };
    if (went.decision.reason === 'released-elsewhere') observer.onTampering('released-elsewhere', work);
    else if (this.#attempted.delete(work.uid)) observer.onReleased({ ...went, due: null });
    onFree(work.uid);
    chronicle.released(work, went.decision, went.at);
  }

  #renewed(work: HeldWork, known: Judgement | null): Judgement {
    const { ports, decisions } = this.#options;
    const world = ports.gather();
    return known !== null && sameBasis(known.question.world, world) ? known : decisions.judge(work, world);
  }

  #change(work: HeldWork, judgement: Judgement): ReleaseChange | null {
    if (!work.held) return this.#elsewhere(work);
    const { ports, planner, observer } = this.#options;
    // A Job that was released meanwhile, and that its owner suspended since. While our label is on it, it waits for us.
    const labelled = !work.pinned && ports.held.get(work.uid) !== undefined;
    if (work.kind === 'job' && releasedAt(work) !== null && !labelled) return null;
    if (judgement.decision.action === 'wait' || !work.stopped) return null;
    const onUnplaced = (why: string): void => {
      observer.onUnplaced(work, why);
    };
    return { ...planner.plan(work, judgement, ports.timing.now()), onUnplaced };
  }

  #elsewhere(work: HeldWork): ReleaseChange {
    const { ports, decisions } = this.#options;
    const { decision } = decisions.judge(work, ports.gather());
    const note = decisionNote({ ...decision, ...ELSEWHERE, action: 'release' });
    return { releasedAt: ports.timing.now(), decision: note, affinity: null, pinned: false, final: true };
  }

  #settle(outcome: ReleaseOutcome | 'kept', { work, decision, due }: Settled): void {
    const { ports, chronicle, observer, onFree, onKept, lookLater } = this.#options;
    const { uid } = work;
    if (outcome === 'already-released') {
      // By whom, its annotations tell: perhaps by an attempt of our own whose answer was lost.
      lookLater(work);
      return;
    }
    this.#attempted.delete(uid);
    if (outcome === 'kept') {
      // Without its label no round finds it: that was taken off during the attempt.
      if (ports.held.get(uid) === undefined) lookLater(work);
      else onKept(uid);
      return;
    }
    onFree(uid);
    if (outcome === 'gone') return;
    const at = ports.timing.now();
    observer.onReleased({ work, decision, at, due });
    chronicle.released(work, decision, at);
  }
}

interface Settled {
  readonly work: HeldWork;
  readonly decision: HoldDecision;
  readonly due: Instant;
}

/** Nothing of the grid had to do with it. */
const ELSEWHERE = { reason: 'released-elsewhere', region: null, intensity: null, threshold: null } as const;
