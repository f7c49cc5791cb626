import type { RunningJob } from '../timing/running-job.ts';
import { heldWork } from './held-work.ts';
import { jobStatus } from './job-status.ts';
import { member, metadataText } from './untyped.ts';

/** What is kept of a Job while it runs, a copy that keeps nothing of the object alive; null as of `heldWork`. */
export function runningJob(job: unknown): RunningJob | null {
  const work = heldWork(job, 'job');
  if (work === null) return null;
  const { suspended, decided, started, completed, active } = jobStatus(job);
  const ends = metadataText(job, 'deletionTimestamp') !== null;
  const resumed = member(member(job, 'spec'), 'suspend') !== true && !suspended;
  return {
    ...work,
    running: resumed && !decided && !ends && started !== null && active > 0,
    started,
    completed,
  };
}
