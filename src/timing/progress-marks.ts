import { instant, millis, region } from '../carbon/units.ts';
import type { Instant, Millis, Region } from '../carbon/units.ts';
import { HELD_SINCE, PAUSES, RAN, RAN_IN, WAITED } from '../policy/annotations.ts';
import { parseDuration } from '../policy/duration.ts';
import { untouched } from './progress.ts';
import type { Progress } from './progress.ts';

/** An object as far as it tells of its progress. */
export interface Remembered {
  readonly created: Instant;
  readonly annotations: Readonly<Record<string, string>>;
}

/** How far held work has come. What cannot be read counts as time that it waited: nothing is held too long. */
export function heldProgress({ created, annotations }: Remembered): Progress {
  const pauses = pausesOf(annotations);
  if (pauses === 0) return untouched(created);
  const since = Date.parse(annotations[HELD_SINCE] ?? '');
  const ran = ranBefore(annotations, Number.isNaN(since) ? null : since - created);
  const come = { ran, pauses, region: ranIn(annotations), run: null };
  if (Number.isNaN(since)) return { since: created, waited: NONE, ...come };
  // What it did not run since its creation, it waited, whatever somebody made of the annotations.
  const rest = millis(Math.max(0, since - created - ran));
  const waited = parseDuration(annotations[WAITED] ?? '') ?? rest;
  return { since: instant(since), waited: millis(Math.max(waited, rest)), ...come };
}

/** A run as it goes on. */
export interface Run {
  readonly started: Instant;
  readonly now: Instant;
  /** Where, as far as somebody looked; null: nobody did. */
  readonly region: Region | null;
}

/**
 * How far work has come that runs. Whatever it did not run since its creation, it waited: so is counted, too, what
 * somebody else kept it from running.
 */
export function runningProgress({ created, annotations }: Remembered, { started, now, region }: Run): Progress {
  const ran = millis(ranBefore(annotations, started - created) + Math.max(0, now - started));
  const where = region ?? ranIn(annotations);
  return {
    since: now,
    waited: millis(Math.max(0, now - created - ran)),
    ran,
    pauses: pausesOf(annotations),
    region: where,
    run: { region: where, since: started },
  };
}

/** How often the object says that it was paused. */
export function pausesOf(annotations: Remembered['annotations']): number {
  const count = Number(annotations[PAUSES] ?? '0');
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** When the present hold of an object began: its latest pause, else its creation. */
export function heldFrom(work: Remembered): Instant {
  return heldProgress(work).since;
}

const NONE = millis(0);

/** Running time before a moment so long after its creation; null: nobody knows how long. */
function ranBefore(annotations: Remembered['annotations'], age: number | null): Millis {
  const ran = parseDuration(annotations[RAN] ?? '') ?? NONE;
  return age === null ? ran : millis(Math.min(ran, Math.max(0, age)));
}

function ranIn(annotations: Remembered['annotations']): Region | null {
  const name = annotations[RAN_IN];
  return name === undefined || name === '' ? null : region(name);
}
