import type { Instant } from '../carbon/units.ts';
import type { NodeAffinity } from '../placement/types.ts';
import {
  DECISION,
  GATE,
  HELD_LABEL,
  PINNED_LABEL,
  RELEASED_AT,
  RELEASED_LABEL,
  UNPINNING,
} from '../policy/annotations.ts';
import type { HeldWork } from '../timing/held-work.ts';

/** What a release writes. */
export interface ReleaseChange {
  readonly releasedAt: Instant;
  /** The annotation `lowtide.dev/decision`. */
  readonly decision: string;
  /** The complete node affinity, terms of the user included; null: it stays as it is. */
  readonly affinity: NodeAffinity | null;
  /** Whether the affinity requires the region, so that a Job may have to be unpinned. */
  readonly pinned: boolean;
  /** Told where the API server refuses the affinity, and the work runs without it. */
  readonly onUnplaced?: (why: string) => void;
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
    labels: { [HELD_LABEL]: null, [RELEASED_LABEL]: 'true', ...pin },
    annotations: released(change),
    spec: { ...free, ...placement(work, change.affinity) },
  });
}

/** Patch that takes our label off an object that somebody else let go; with the time, where one is known. */
export function cleanPatch(work: HeldWork, change: ReleaseChange | null): unknown {
  if (change === null) return patchOf(work, { labels: { [HELD_LABEL]: null } });
  const labels = { [HELD_LABEL]: null, [RELEASED_LABEL]: 'true' };
  return patchOf(work, { labels, annotations: released(change) });
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
