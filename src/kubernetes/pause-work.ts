import { workName } from '../timing/held-work.ts';
import type { RunningJob } from '../timing/running-job.ts';
import { answerError, apiCall } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { pausePatch } from './held-patch.ts';
import type { PauseChange } from './held-patch.ts';
import { patchWork } from './latest-work.ts';
import { runningJob } from './running-job.ts';
import { metadataText } from './untyped.ts';
import { workPath } from './work-path.ts';

export type { PauseChange } from './held-patch.ts';

/** How a pause ended; `kept`: it runs on, or does not run any more; `gone`: deleted, or another has its name. */
export type PauseOutcome = 'paused' | 'kept' | 'gone';

/** A Job's controller writes its status while it runs, now and then. */
const ATTEMPTS = 6;

/**
 * Suspends one running Job, in one patch that makes held work of it. `change` says what to write; it is asked again,
 * with the Job as it is now, whenever that is not what was known, and null lets it run. Throws ApiErrors.
 */
export async function pauseWork(
  access: ApiAccess,
  job: RunningJob,
  change: (job: RunningJob) => PauseChange | null,
  patience: Patience,
): Promise<PauseOutcome> {
  let current = job;
  for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
    const wanted = current.running ? change(current) : null;
    if (wanted === null) return 'kept';
    const outcome = await attempt(access, current, wanted, patience);
    if (typeof outcome === 'string') return outcome;
    current = outcome;
  }
  throw new KubernetesError('conflict', `${workName(job)} changed ${ATTEMPTS} times while it was being paused`);
}

/** The Job as it is now, where it is not what was known. */
async function attempt(
  access: ApiAccess,
  job: RunningJob,
  wanted: PauseChange,
  patience: Patience,
): Promise<PauseOutcome | RunningJob> {
  const answer = await patchWork(access, job, pausePatch(job, wanted), patience);
  if (answer.status === 200) return 'paused';
  if (answer.status === 404) return 'gone';
  // 422 is another uid, which a second look tells, or a refusal for good.
  if (answer.status !== 409 && answer.status !== 422) throw answerError(`pause ${workName(job)}`, answer);
  const now = await readJob(access, job, patience);
  if (now === null) return 'gone';
  if (now.resourceVersion === job.resourceVersion) throw answerError(`pause ${workName(job)}`, answer);
  return now;
}

async function readJob(access: ApiAccess, job: RunningJob, patience: Patience): Promise<RunningJob | null> {
  const answer = await apiCall(access, { method: 'GET', path: workPath(job), patience });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(`read ${workName(job)}`, answer);
  return metadataText(answer.body, 'uid') === job.uid ? runningJob(answer.body) : null;
}
