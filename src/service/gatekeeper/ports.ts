import type { Instant, Millis, Region } from '../../carbon/units.ts';
import type { EventOutcome, WorkEvent } from '../../kubernetes/events.ts';
import type { PauseChange, PauseOutcome } from '../../kubernetes/pause-work.ts';
import type { ReleaseChange, ReleaseOutcome } from '../../kubernetes/release-work.ts';
import type { UnpinChange } from '../../kubernetes/unpin-work.ts';
import type { World } from '../../placement/facts.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { ClusterState, HeldWorkIndex } from '../cluster-state.ts';
import type { Occupant } from './capacity-book.ts';

/** What Lowtide did, in the Event's `action`. */
export type EventAction = 'Held' | 'Paused' | 'Replanned' | 'Released' | 'ReleasedElsewhere';

/** An Event, but for which replica says it. */
export interface GatekeeperEvent extends Omit<WorkEvent, 'reportingInstance'> {
  readonly action: EventAction;
}

/** Calls of the cluster's, each ended by an ApiError where it fails. */
export interface ClusterCalls {
  /**
   * `change` is asked with the object as it is, again after a conflict; null: it is not to be released after all. `kept`,
   * too, where pods of a paused Job have not ended yet.
   */
  release(work: HeldWork, change: (work: HeldWork) => ReleaseChange | null): Promise<ReleaseOutcome | 'kept'>;
  /** Writes the annotation that tells people why it waits. */
  note(work: HeldWork, decision: string): Promise<void>;
  /** Puts the label back that somebody took off. */
  relabel(work: HeldWork): Promise<void>;
  /** The object as it is now; null: it is gone, or another one has its name. */
  read(work: HeldWork): Promise<HeldWork | null>;
  /** Hands over, as it finds them, held work without our label, and all that carries the label of released work. */
  sweep(take: (found: HeldWork) => void): Promise<void>;
  /** Writing the same again makes no second Event. */
  writeEvent(event: GatekeeperEvent): Promise<EventOutcome>;
}

/** Released Jobs whose region is required, and how one is set free of it. */
export interface PinCalls {
  readonly pinned: HeldWorkIndex;
  /** Since when a pod of the Job finds no node; null: none of them is in that state. */
  unschedulableSince(work: HeldWork): Promise<Instant | null | 'finished'>;
  suspend(work: HeldWork): Promise<'suspended' | 'gone' | 'free'>;
  /** Whether the suspended Job's pods are all gone. */
  hasStopped(work: HeldWork): Promise<boolean | 'gone'>;
  /** Resumes it without the region; `resumed`: with it, since the cluster takes no other template. */
  unpin(work: HeldWork, change: (work: HeldWork) => UnpinChange): Promise<'unpinned' | 'resumed' | 'gone' | 'free'>;
}

/** Jobs that may be paused while they run, kept current by a watch. */
export interface RunningJobIndex {
  all(): Iterable<RunningJob>;
  get(uid: string): RunningJob | undefined;
  /** Told of every change, after it has been taken in; `job` null: it went (deleted, or lost our label). */
  onChange(listener: (uid: string, job: RunningJob | null, before: RunningJob | null) => void): void;
}

/** Running Jobs, and how one is paused. */
export interface PauseCalls {
  readonly running: RunningJobIndex;
  /** `change` is asked with the Job as it is, again after a conflict; null: it is not to be paused after all. */
  pause(job: RunningJob, change: (job: RunningJob) => PauseChange | null): Promise<PauseOutcome>;
  /** The region of each of its pods that has a node; null: of a node without one. */
  regionsOf(job: RunningJob): Promise<readonly (Region | null)[]>;
}

/** Time, so that a test can bring its own. */
export interface Timing {
  now(): Instant;
  /** Calls back once, after the time has passed; the returned function ends that. */
  after(wait: Millis, run: () => void): () => void;
}

/** Everything outside the gatekeeper. */
export interface GatekeeperPorts {
  readonly held: HeldWorkIndex;
  readonly state: Pick<ClusterState, 'namespace' | 'volumeTerms'>;
  readonly calls: ClusterCalls;
  /** Null: regions are never required (the cluster cannot take them back, or the policy never asks). */
  readonly pins: PinCalls | null;
  /** Null: nothing is paused. */
  readonly pauses: PauseCalls | null;
  /** Whether a paused Job may be resumed elsewhere: the cluster lets its template be changed again. */
  moves(): boolean;
  /** Jobs that run, where regions have a capacity; left out: none are known. */
  occupants?(): Iterable<Occupant>;
  /** What finished work of a class usually ran; null: not known. */
  usual(workClass: string): Millis | null;
  readonly timing: Timing;
  gather(): World;
  /** From 0 to 1. */
  random(): number;
}
