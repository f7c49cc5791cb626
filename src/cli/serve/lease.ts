import type { Logger } from 'pino';
import type { ApiAccess } from '../../kubernetes/api-get.ts';
import { reasonOf } from '../../kubernetes/errors.ts';
import { LEASE_TIMING, LeaseHolder } from '../../kubernetes/lease.ts';
import type { LeaseObserver } from '../../kubernetes/lease.ts';
import { clusterLease } from '../../kubernetes/lease-store.ts';
import type { LogLimit } from '../../service/limited-log.ts';
import type { LeaseOptions } from './options.ts';

/** Whose Lease, and who wants it. */
export interface LeaseParts {
  readonly access: ApiAccess;
  readonly namespace: string;
  /** Unique to this process. */
  readonly identity: string;
  readonly log: Logger;
  readonly limit: LogLimit;
}

/** One that wants the Lease; its trouble is a log line a minute. Not started yet. */
export function openLease(
  { name, duration: leaseDuration, renewDeadline, retryPeriod }: LeaseOptions,
  { access, namespace, identity, log, limit }: LeaseParts,
  observer: Pick<LeaseObserver, 'onStarted' | 'onStopped'>,
): LeaseHolder {
  const lease = { namespace, name };
  return new LeaseHolder({
    store: clusterLease(access, lease),
    lease,
    identity,
    timing: { ...LEASE_TIMING, leaseDuration, renewDeadline, retryPeriod },
    observer: {
      ...observer,
      onTrouble: (error) => {
        if (limit.allows(`lease ${name}`)) {
          log.warn({ lease, err: reasonOf(error) }, 'lease not reached, it is tried again');
        }
      },
    },
  });
}
