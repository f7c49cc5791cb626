import { millis } from '../carbon/units.ts';
import type { Millis } from '../carbon/units.ts';
import { DEADLINE, EXPECTED_DURATION, HOLD, INTERRUPTIBLE, MAX_DELAY, MAX_INTENSITY } from './annotations.ts';
import { parseDuration } from './duration.ts';
import type { HoldIntent } from './hold-intent.ts';
import type { PlacementIntent } from './intent.ts';
import { parseTime } from './rfc3339.ts';
import type { WorkClass } from './types.ts';

const NONE = millis(0);
const UNBOUNDED = millis(Infinity);

/** What the annotations in force, already clamped, want of time. */
export function holdIntent(effective: Readonly<Record<string, string>>, placement: PlacementIntent): HoldIntent {
  const choice = choiceOf(effective[HOLD]);
  const deadline = parseTime(effective[DEADLINE] ?? '');
  const counts = deadline !== null || placement.workClass !== null || choice === 'opted-in';
  const own = parseDuration(effective[MAX_DELAY] ?? '');
  const unsaid = deadline === null ? delayOf(placement.workClass) : UNBOUNDED;
  return {
    choice,
    maxDelay: counts ? (own ?? unsaid) : NONE,
    deadline,
    expectedDuration: parseDuration(effective[EXPECTED_DURATION] ?? ''),
    threshold: placement.ceiling,
    thresholdOf: effective[MAX_INTENSITY] === undefined ? 'class' : 'annotation',
    interruptible: effective[INTERRUPTIBLE] === 'true',
  };
}

function choiceOf(hold: string | undefined): HoldIntent['choice'] {
  if (hold === undefined) return 'none';
  return hold === 'true' ? 'opted-in' : 'opted-out';
}

function delayOf(workClass: WorkClass | null): Millis {
  return workClass?.maxDelay ?? NONE;
}
