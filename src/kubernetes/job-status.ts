import { instant } from '../carbon/units.ts';
import type { Instant } from '../carbon/units.ts';
import { listMember, member, text } from './untyped.ts';

/** How a Job fares, as its controller last wrote it. */
export interface JobStatus {
  /** Condition Suspended is True: the controller has noticed that the Job is suspended. */
  readonly suspended: boolean;
  readonly finished: 'Complete' | 'Failed' | null;
  /** It is decided how it ends; its pods may not have. */
  readonly decided: boolean;
  readonly started: Instant | null;
  /** Only of a Job that is complete. */
  readonly completed: Instant | null;
  /** Pods that are pending or run. */
  readonly active: number;
  /** Pods that were told to stop and have not ended yet. */
  readonly terminating: number;
}

/** The status of a Job; whatever is missing or odd counts as absent. */
export function jobStatus(job: unknown): JobStatus {
  const status = member(job, 'status');
  const is = (type: string): boolean =>
    listMember(status, 'conditions').some((each) => member(each, 'type') === type && member(each, 'status') === 'True');
  const finished = (['Complete', 'Failed'] as const).find(is) ?? null;
  return {
    suspended: is('Suspended'),
    finished,
    decided: finished !== null || is('FailureTarget') || is('SuccessCriteriaMet'),
    started: moment(member(status, 'startTime')),
    completed: finished === 'Complete' ? moment(member(status, 'completionTime')) : null,
    active: count(member(status, 'active')),
    terminating: count(member(status, 'terminating')),
  };
}

/** Whether a suspended Job has come to rest: the pods that ran are gone, not only told to go. */
export function isAtRest(status: JobStatus): boolean {
  return status.suspended && hasNoPods(status);
}

/** Whether no pod of the Job is left, as its controller last counted them. */
export function hasNoPods({ active, terminating }: JobStatus): boolean {
  return active === 0 && terminating === 0;
}

function moment(value: unknown): Instant | null {
  const at = Date.parse(text(value) ?? '');
  return Number.isNaN(at) ? null : instant(at);
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
