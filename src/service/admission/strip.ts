import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import {
  HELD_LABEL,
  HELD_SINCE,
  HOLD_LIMIT,
  RELEASED_AT,
  WRITTEN_ANNOTATIONS,
  WRITTEN_LABELS,
} from '../../policy/annotations.ts';
import { annotationsOf, controllerOf } from './candidate.ts';
import { at, drop } from './edit.ts';
import type { Path } from './edit.ts';

/** An object as its author meant it: without what Lowtide alone writes. */
export interface Stripped {
  readonly object: unknown;
  /** Since when it is held: a moment ago where this is a reinvocation, else now. */
  readonly since: Instant;
  /** A Job that is suspended, and not by us. */
  readonly suspendedByOwner: boolean;
}

/** A hold that began longer ago came with a copy, or out of a backup. */
const REINVOCATION_MS = 30_000;
const METADATA = ['metadata'];
const TEMPLATE_METADATA = ['spec', 'template', 'metadata'];

/** Takes Lowtide's marks off a pod; its gate is no mark: it is set or removed with the decision. */
export function stripPod(pod: unknown, now: Instant): Stripped {
  // The template of its Job speaks through it.
  const kept = controllerOf(pod).controller === 'job' ? [HOLD_LIMIT] : [];
  return { object: unmarked(pod, METADATA, kept), since: heldSince(pod, now), suspendedByOwner: false };
}

/** Takes Lowtide's marks off a Job and its template, and tells whose suspension it is. */
export function stripJob(job: unknown, now: Instant): Stripped {
  const object = unmarked(unmarked(job, METADATA, []), TEMPLATE_METADATA, []);
  const suspendedByOwner = at(job, ['spec', 'suspend']) === true && !suspendedByUs(job);
  return { object, since: heldSince(job, now), suspendedByOwner };
}

/** After its release a Job's suspension is somebody else's, though it still says since when it was held. */
function suspendedByUs(job: unknown): boolean {
  if (at(job, ['metadata', 'labels', HELD_LABEL]) === 'true') return true;
  const annotations = annotationsOf(job);
  return annotations[HELD_SINCE] !== undefined && annotations[RELEASED_AT] === undefined;
}

function unmarked(object: unknown, metadata: Path, kept: readonly string[]): unknown {
  const marks = [
    ...WRITTEN_ANNOTATIONS.filter((name) => !kept.includes(name)).map((name) => ['annotations', name]),
    ...WRITTEN_LABELS.map((name) => ['labels', name]),
  ];
  return marks.reduce((rest, mark) => drop(rest, [...metadata, ...mark]), object);
}

/** To the whole second, as it is written: counted from it again, a hold ends at the same moment. */
function heldSince(object: unknown, now: Instant): Instant {
  const since = Date.parse(annotationsOf(object)[HELD_SINCE] ?? '');
  const kept = since <= now && now - since < REINVOCATION_MS ? since : now;
  return instant(Math.floor(kept / 1_000) * 1_000);
}
