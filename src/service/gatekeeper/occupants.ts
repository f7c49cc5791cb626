import { instant, region } from '../../carbon/units.ts';
import type { Instant, Region } from '../../carbon/units.ts';
import { EXPECTED_DURATION, RAN, RAN_IN } from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { Occupant } from './capacity-book.ts';
import { notedDecision } from './marks.ts';

/** The Jobs of these indexes that run, each once. */
export function occupantsOf(indexes: readonly Iterable<RunningJob>[]): readonly Occupant[] {
  const found = new Map<string, Occupant>();
  for (const index of indexes) {
    for (const job of index) if (job.running) found.set(job.uid, occupantOf(job));
  }
  return [...found.values()];
}

function occupantOf(job: RunningJob): Occupant {
  return { uid: job.uid, region: regionOf(job), until: endOf(job) };
}

/** As it says itself, else where it was sent. */
function regionOf(job: RunningJob): Region | null {
  const name = job.annotations[RAN_IN] ?? notedDecision(job)?.region ?? null;
  return name === null ? null : region(name);
}

function endOf({ started, annotations }: RunningJob): Instant | null {
  const expected = parseDuration(annotations[EXPECTED_DURATION] ?? '');
  if (started === null || expected === null) return null;
  return instant(started + Math.max(0, expected - (parseDuration(annotations[RAN] ?? '') ?? 0)));
}
