import type { Instant, Region } from '../carbon/units.ts';
import type { NodeAffinity } from '../placement/types.ts';
import {
  DECISION,
  GATE,
  HELD_LABEL,
  HELD_SINCE,
  INTERRUPTIBLE_LABEL,
  PAUSES,
  PINNED_LABEL,
  PLACED,
  RAN,
  RAN_IN,
  RELEASED_AT,
  RELEASED_LABEL,
  UNPINNING,
  WAITED,
} from '../policy/annotations.ts';
import { formatDuration } from '../policy/duration.ts';
import type { HeldWork } from '../timing/held-work.ts';
import type { Progress } from '../timing/progress.ts';

/** What a release writes. */
export interface ReleaseChange {
  readonly releasedAt: Instant;
  /** The annotation `lowtide.dev/decision`. */
  readonly decision: string;
  /** The complete node affinity, terms of the user included; null: it stays as it is. */
  readonly affinity: NodeAffinity | null;
  /** Whether the affinity requires the region, so that a Job may have to be unpinned. */
  readonly pinned: boolean;
  /** Where it is best run, and so probably will; null: not known. */
  readonly region?: Region | null;
  /** Somebody let it go by hand or by other means: it is not paused again. */
  readonly final?: boolean;
  /** Told where the API server refuses the affinity, and the work runs without it. */
  readonly onUnplaced?: (why: string) => void;
}

/** What a pause writes. */
export interface PauseChange {
  /** The annotation `lowtide.dev/decision`. */
  readonly decision: string;
  /** How far it has come as it is paused, this pause not counted. */
  readonly progress: Progress;
}

/** What a patch may change, uid and resourceVersion aside. */
interface Change {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

type Known = Pick<HeldWork, 'uid' | 'resourceVersion'>;

/** Strategic merge patch that resumes a Job, or takes our gate off a pod, with all that a release writes. */
export function releasePatch(work: HeldWork, change: ReleaseChange): unknown {
  const pin = work.kind === 'job' ? { [PINNED_LABEL]: change.pinned ? 'true' : null } : {};
  const free = work.kind === 'job' ? { suspend: false } : { schedulingGates: [{ $patch: 'delete', name: GATE }] };
  return patchOf(work, {
    labels: { [HELD_LABEL]: null, [RELEASED_LABEL]: 'true', ...pin, ...ended(change) },
    annotations: { ...released(change), ...placed(work, change) },
    spec: { ...free, ...placement(work, change.affinity) },
  });
}

/** Patch that takes our label off an object that somebody else let go; with the time, where one is known. */
export function cleanPatch(work: HeldWork, change: ReleaseChange | null): unknown {
  if (change === null) return patchOf(work, { labels: { [HELD_LABEL]: null } });
  const labels = { [HELD_LABEL]: null, [RELEASED_LABEL]: 'true', ...ended(change) };
  return patchOf(work, { labels, annotations: released(change) });
}

/** Patch that suspends a running Job and makes held work of it, with all that its resumption rests on. */
export function pausePatch(job: HeldWork, { decision, progress }: PauseChange): unknown {
  const { since, waited, ran, pauses, region } = progress;
  return patchOf(job, {
    labels: { [HELD_LABEL]: 'true', [RELEASED_LABEL]: null, [PINNED_LABEL]: null },
    annotations: {
      [HELD_SINCE]: new Date(since).toISOString(),
      [WAITED]: formatDuration(waited),
      [RAN]: formatDuration(ran),
      [PAUSES]: String(pauses + 1),
      [RAN_IN]: region,
      [DECISION]: decision,
      [RELEASED_AT]: null,
    },
    spec: { suspend: true },
  });
}

/** Patch that puts our label back. */
export function relabelPatch(work: HeldWork): unknown {
  return patchOf(work, { labels: { [HELD_LABEL]: 'true' } });
}

/** Patch that says what was last decided. */
export function notePatch(work: HeldWork, decision: string): unknown {
  return patchOf(work, { annotations: { [DECISION]: decision } });
}

/** Patch that suspends a pinned Job; it keeps the label that tells of the pin. */
export function suspendPatch(work: HeldWork): unknown {
  return patchOf(work, { annotations: { [UNPINNING]: 'true' }, spec: { suspend: true } });
}

/** Patch that resumes a suspended pinned Job with this affinity in place of the pinned one; null: with what it has. */
export function unpinPatch(work: HeldWork, decision: string, affinity: NodeAffinity | null): unknown {
  return patchOf(work, {
    labels: { [PINNED_LABEL]: null },
    annotations: { [DECISION]: decision, [UNPINNING]: null },
    spec: { suspend: false, ...placement(work, affinity) },
  });
}

/** The uid keeps it from an object that took the name since, the version from one that changed since it was read. */
function patchOf({ uid, resourceVersion }: Known, { labels, annotations, spec }: Change): unknown {
  return {
    metadata: { uid, resourceVersion, ...(labels && { labels }), ...(annotations && { annotations }) },
    ...(spec && { spec }),
  };
}

function released({ releasedAt, decision }: ReleaseChange): Readonly<Record<string, string>> {
  return { [RELEASED_AT]: new Date(releasedAt).toISOString(), [DECISION]: decision };
}

/** Of a Job is noted where it goes, and that the affinity of its template is ours. */
function placed({ kind }: HeldWork, { affinity, region }: ReleaseChange): Readonly<Record<string, string>> {
  if (kind === 'pod') return {};
  return {
    ...(affinity !== null && { [PLACED]: 'true' }),
    ...(region !== undefined && region !== null && { [RAN_IN]: region }),
  };
}

function ended({ final = false }: ReleaseChange): Readonly<Record<string, null>> {
  return final ? { [INTERRUPTIBLE_LABEL]: null } : {};
}

function placement({ kind }: HeldWork, affinity: NodeAffinity | null): Readonly<Record<string, unknown>> {
  if (affinity === null) return {};
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = affinity;
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity;
  // Both lists are atomic in a strategic merge: sent whole, and null where there is none, so that nothing old stays.
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: required ?? null,
    preferredDuringSchedulingIgnoredDuringExecution: preferred ?? null,
  };
  const podSpec = { affinity: { nodeAffinity } };
  return kind === 'job' ? { template: { spec: podSpec } } : podSpec;
}
