import { withPreferredRegions, withRequired } from '../../placement/affinity.ts';
import type { NodeAffinity } from '../../placement/types.ts';
import {
  DECISION,
  GATE,
  HELD_LABEL,
  HELD_SINCE,
  HOLD_LIMIT,
  INTERRUPTIBLE_LABEL,
  PLACEMENT_RESOURCE,
} from '../../policy/annotations.ts';
import { formatDuration } from '../../policy/duration.ts';
import { member } from '../../kubernetes/untyped.ts';
import { decisionNote, rfc3339 } from '../../timing/decision-note.ts';
import type { JobPlan } from './decide-job.ts';
import type { PodPlan } from './decide-pod.ts';
import { at, listAt, put } from './edit.ts';
import type { Path } from './edit.ts';
import type { HoldVerdict } from './hold.ts';
import type { PodPlacement } from './pod-placement.ts';

const ANNOTATIONS = ['metadata', 'annotations'];
const TEMPLATE_ANNOTATIONS = ['spec', 'template', ...ANNOTATIONS];
const GATES = ['spec', 'schedulingGates'];
const NODE_AFFINITY = ['spec', 'affinity', 'nodeAffinity'];
const CONTAINERS = ['spec', 'containers'];

/** The pod as it is to be. */
export function applyPod({ pod, wanted, hold, placement }: PodPlan, regionLabel: string): unknown {
  const worded = withTexts(pod, ANNOTATIONS, wanted.missing);
  const gated = withGate(withHoldMarks(worded, hold), hold.held);
  const placed = withAffinity(gated, placement, regionLabel);
  return placement.marked ? withMark(placed) : placed;
}

/** The Job as it is to be; of its template only annotations change. */
export function applyJob({ job, wanted, hold, suspendedByOwner, pausable, copied, templateLimit }: JobPlan): unknown {
  const limit = templateLimit === null ? {} : { [HOLD_LIMIT]: templateLimit };
  const worded = withTexts(job, ANNOTATIONS, wanted.missing);
  const copiedOn = withTexts(worded, TEMPLATE_ANNOTATIONS, { ...copied, ...limit });
  const suspended = suspendedByOwner || hold.held;
  const before = at(job, ['spec', 'suspend']) === true;
  const set = suspended === before ? copiedOn : put(copiedOn, ['spec', 'suspend'], suspended);
  return withHoldMarks(pausable ? withPauseMarks(set, hold) : set, hold);
}

function withTexts(object: unknown, path: Path, texts: Readonly<Record<string, string>>): unknown {
  return Object.entries(texts).reduce((rest, [name, value]) => put(rest, [...path, name], value), object);
}

/** What bounds a hold bounds pauses, too, of a Job that was never held. */
function withPauseMarks(job: unknown, { clamp }: HoldVerdict): unknown {
  const limit = clamp === null ? {} : { [HOLD_LIMIT]: formatDuration(clamp.limit) };
  return put(withTexts(job, ANNOTATIONS, limit), ['metadata', 'labels', INTERRUPTIBLE_LABEL], 'true');
}

/** What tells gatekeeper, users and a second run that the object is held by us. */
function withHoldMarks(object: unknown, hold: HoldVerdict): unknown {
  if (!hold.held) return object;
  const { since, decision, clamp } = hold;
  const marked = withTexts(object, ANNOTATIONS, {
    [HELD_SINCE]: rfc3339(since),
    [DECISION]: decisionNote(decision),
    ...(clamp === null ? {} : { [HOLD_LIMIT]: formatDuration(clamp.limit) }),
  });
  return put(marked, ['metadata', 'labels', HELD_LABEL], 'true');
}

/** Other people's gates stay, in their order. */
function withGate(pod: unknown, held: boolean): unknown {
  const gates = listAt(pod, GATES);
  const others = gates.filter((gate) => member(gate, 'name') !== GATE);
  if (held) return others.length < gates.length ? pod : put(pod, GATES, [...gates, { name: GATE }]);
  return others.length < gates.length ? put(pod, GATES, others) : pod;
}

function withAffinity(pod: unknown, { requirement, preferred }: PodPlacement, regionLabel: string): unknown {
  const before = nodeAffinity(pod);
  if (before === 'malformed') return pod;
  const required = requirement === null ? before : withRequired(before, requirement);
  const after = withPreferredRegions(required, preferred, regionLabel);
  return after === null || after === before ? pod : put(pod, NODE_AFFINITY, after);
}

/** What the API server is about to refuse as invalid is left for it to refuse. */
function nodeAffinity(pod: unknown): NodeAffinity | null | 'malformed' {
  const found = at(pod, NODE_AFFINITY) ?? null;
  if (found === null) return null;
  const required = member(found, 'requiredDuringSchedulingIgnoredDuringExecution') ?? null;
  const preferred = member(found, 'preferredDuringSchedulingIgnoredDuringExecution') ?? [];
  const sound =
    (required === null || isListOfObjects(member(required, 'nodeSelectorTerms'))) &&
    isListOfObjects(preferred) &&
    preferred.every((term) => isObject(member(term, 'preference')));
  return sound ? found : 'malformed';
}

function isListOfObjects(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Requests the extended resource on the first container, unless one asks for it already; of such request is limit. */
function withMark(pod: unknown): unknown {
  const containers = listAt(pod, CONTAINERS);
  const all = [...containers, ...listAt(pod, ['spec', 'initContainers'])];
  const asked = ['requests', 'limits'].some((kind) =>
    all.some((each) => at(each, ['resources', kind, PLACEMENT_RESOURCE]) !== undefined),
  );
  const [first, ...others] = containers;
  if (asked || first === undefined) return pod;
  const marked = ['requests', 'limits'].reduce<unknown>(
    (each, kind) => put(each, ['resources', kind, PLACEMENT_RESOURCE], '1'),
    first,
  );
  return put(pod, CONTAINERS, [marked, ...others]);
}
