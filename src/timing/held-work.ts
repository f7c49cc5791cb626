import type { Instant, Millis } from '../carbon/units.ts';
import type { PodScheduling } from '../placement/types.ts';
import type { NotPausedReason } from './reasons.ts';
import type { WorkKind } from './types.ts';

/** A Job that we suspended, or a pod that carries our gate: what is kept of it while it waits. */
export interface HeldWork {
  readonly kind: WorkKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly created: Instant;
  /** Lowtide's annotations in force: a Job's own over its template's; those that Lowtide wrote among them. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Still suspended, or still gated. False: somebody let it go while our label was still on it. */
  readonly held: boolean;
  /**
   * Whether a paused Job has come to rest: condition Suspended, no pod active, none terminating. Only then is it resumed:
   * never two copies. True of all that was never paused.
   */
  readonly stopped: boolean;
  /** Why it is not paused once it runs; null: it may be. */
  readonly notPausable: NotPausedReason | null;
  /** `terminationGracePeriodSeconds` of its pods: part of what a pause costs. */
  readonly grace: Millis;
  /** The pod's, or the Job's template's. */
  readonly scheduling: PodScheduling;
  /** UID of the CronJob that made the Job; null: none. */
  readonly cronJob: string | null;
  /** Whether a released Job carries its region as required, `lowtide.dev/pinned`. */
  readonly pinned: boolean;
}

/** Names an object for logs and people: `job/NAME` in its namespace. */
export function workName({ kind, namespace, name }: Pick<HeldWork, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}
