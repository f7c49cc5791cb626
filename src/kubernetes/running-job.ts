import { millis } from '../carbon/units.ts';
import { notPausable } from '../timing/pausable.ts';
import type { RunningJob } from '../timing/running-job.ts';
import { heldWork } from './held-work.ts';
import { jobStatus } from './job-status.ts';
import { pauseCandidate } from './pause-candidate.ts';
import { member, metadataText } from './untyped.ts';

/** What a kubelet waits between SIGTERM and SIGKILL where the template does not say. */
const DEFAULT_GRACE_SECONDS = 30;

/** What is kept of a Job while it runs, a copy that keeps nothing of the object alive; null as of `heldWork`. */
export function runningJob(job: unknown): RunningJob | null {
  const work = heldWork(job, 'job');
  if (work === null) return null;
  const { suspended, finished, started, completed, active } = jobStatus(job);
  const ends = metadataText(job, 'deletionTimestamp') !== null;
  const resumed = member(member(job, 'spec'), 'suspend') !== true && !suspended;
  return {
    ...work,
    running: resumed && finished === null && !ends && started !== null && active > 0,
    started,
    completed,
    grace: millis(graceSeconds(job) * 1_000),
    notPausable: notPausable(pauseCandidate(job, work.annotations)),
  };
}

function graceSeconds(job: unknown): number {
  const podSpec = member(member(member(job, 'spec'), 'template'), 'spec');
  const seconds = member(podSpec, 'terminationGracePeriodSeconds');
  return typeof seconds === 'number' ? seconds : DEFAULT_GRACE_SECONDS;
}
