import type { CronJobFacts } from '../timing/types.ts';
import type { CronSchedule } from './cron-schedule.ts';
import { namespacedKey } from './namespaced-key.ts';
import type { Keyed, Resource } from './resource.ts';
import { member, metadataText, text } from './untyped.ts';

/** What is kept of a CronJob. */
export interface CronJobSpec extends CronSchedule {
  readonly uid: string;
  readonly concurrency: CronJobFacts['concurrency'];
}

/** The CronJobs of the cluster, by namespace and name. */
export const CRON_JOBS: Resource<CronJobSpec> = {
  name: 'cronjobs',
  path: '/apis/batch/v1/cronjobs',
  read: cronJobSpec,
};

function cronJobSpec(cronJob: unknown): Keyed<CronJobSpec> | null {
  const [key, uid, spec] = [namespacedKey(cronJob), metadataText(cronJob, 'uid'), member(cronJob, 'spec')];
  if (key === null || uid === null) return null;
  const policy = member(spec, 'concurrencyPolicy');
  const value: CronJobSpec = {
    uid,
    concurrency: policy === 'Forbid' || policy === 'Replace' ? policy : 'Allow',
    schedule: text(member(spec, 'schedule')) ?? '',
    timeZone: text(member(spec, 'timeZone')),
  };
  return { key, value };
}
