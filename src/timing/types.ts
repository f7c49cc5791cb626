import type { GramsPerKwh, Instant, Millis, Region } from '../carbon/units.ts';
import type { Plan } from './plan/types.ts';
import type { NotHeldReason, ReleaseReason, WaitReason } from './reasons.ts';

export type WorkKind = 'job' | 'pod';

/** What kind of controller made the object. */
export type Controller = 'none' | 'cron-job' | 'job' | 'replica-set' | 'stateful-set' | 'daemon-set' | 'other';

/** What is known of the CronJob that made a Job. */
export interface CronJobFacts {
  readonly concurrency: 'Allow' | 'Forbid' | 'Replace';
  /** The schedule's next time after now; null: its schedule could not be read. */
  readonly next: Instant | null;
  /** How many of its Jobs are held now. */
  readonly held: number;
}

/** What is known of the Deployment whose ReplicaSet made a pod. */
export interface RolloutFacts {
  /** Whether no replica of it was ever ready. */
  readonly first: boolean;
  readonly progressDeadline: Millis;
}

/** All that decides whether an object may be held at all, apart from what its annotations say. */
export interface HoldCandidate {
  readonly kind: WorkKind;
  readonly controller: Controller;
  /** kube-system, or Lowtide's own namespace. */
  readonly systemNamespace: boolean;
  /** A Job that arrived suspended, and not by us. */
  readonly suspendedByOwner: boolean;
  /** Carries `kueue.x-k8s.io/queue-name`: Kueue owns its suspension. */
  readonly kueue: boolean;
  /** `helm.sh/hook` or `argocd.argoproj.io/hook`: somebody waits for it. */
  readonly hook: boolean;
  /** A Job whose `spec.managedBy` names another controller. */
  readonly managedByOther: boolean;
  /** A static pod or its mirror. */
  readonly mirror: boolean;
  /** Has `spec.nodeName` already. */
  readonly assigned: boolean;
  /** A container with stdin or tty: a person waits for it. */
  readonly interactive: boolean;
  /** Of a Job of a CronJob; null: not one, or the CronJob is not known yet. */
  readonly cronJob: CronJobFacts | null;
  /** Of a pod of a ReplicaSet; null: not one, or its Deployment is not known yet. */
  readonly rollout: RolloutFacts | null;
  /** A pod's own `activeDeadlineSeconds`. */
  readonly activeDeadline: Millis | null;
  /** The `lowtide.dev/hold-limit` that a pod of a Job brought from its template. */
  readonly holdLimit: Millis | null;
}

/** Something beside policy and annotations that ends a hold early. */
export type ClampCause = 'next-schedule' | 'active-deadline' | 'progress-deadline' | 'job-template';

/** A bound on a hold, counted from the object's creation. */
export interface HoldClamp {
  readonly cause: ClampCause;
  readonly limit: Millis;
}

/** Whether an object may be held, before the grid is asked. */
export type Holdable =
  | { readonly holdable: false; readonly reason: NotHeldReason }
  | { readonly holdable: true; readonly clamp: HoldClamp | null };

/** The numbers that a decision on a hold rested on. */
export interface HoldEvidence {
  /** The best permitted region now; null: none is permitted, or nothing is known of any. */
  readonly region: Region | null;
  /** Its intensity; null: not known. */
  readonly intensity: GramsPerKwh | null;
  readonly threshold: GramsPerKwh | null;
  /** When it is released at the latest. */
  readonly until: Instant;
  /** What the strategy means to do; null: none was asked. */
  readonly plan: Plan | null;
}

/** What to do with one piece of held (or about to be held) work now. */
export type HoldDecision =
  | ({ readonly action: 'release'; readonly reason: ReleaseReason } & HoldEvidence)
  | ({
      readonly action: 'wait';
      readonly reason: WaitReason;
      /** When the forecast says it will be released; `until` where there is no forecast. */
      readonly expected: Instant;
    } & HoldEvidence);
