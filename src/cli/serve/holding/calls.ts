import { millis } from '../../../carbon/units.ts';
import type { Region } from '../../../carbon/units.ts';
import type { ApiAccess, Patience } from '../../../kubernetes/api-get.ts';
import { createEvent } from '../../../kubernetes/events.ts';
import { nodesOfJob } from '../../../kubernetes/job-nodes.ts';
import type { WatchedHeldWork } from '../../../kubernetes/held-index.ts';
import { sweepWork } from '../../../kubernetes/held-sweep.ts';
import { findWork } from '../../../kubernetes/latest-work.ts';
import { pauseWork } from '../../../kubernetes/pause-work.ts';
import { noteDecision, releaseWork, restoreHeldLabel } from '../../../kubernetes/release-work.ts';
import type { WatchedRunningJobs } from '../../../kubernetes/running-index.ts';
import { unschedulableSince } from '../../../kubernetes/unschedulable.ts';
import { hasStopped, suspendAgain, unpinWork } from '../../../kubernetes/unpin-work.ts';
import type { ClusterCalls, PauseCalls, PinCalls } from '../../../service/gatekeeper/ports.ts';

/** Longest silence of the API server's in one call. */
const SILENCE = millis(15_000);

/** What the gatekeeper's calls need. */
interface CallContext {
  readonly access: ApiAccess;
  /** Ends every call, when the service ends. */
  readonly signal: AbortSignal;
  /** Which replica speaks, in Events. */
  readonly identity: string;
}

/** The gatekeeper's calls, made on a cluster. */
export function clusterCalls({ access, signal, identity }: CallContext): ClusterCalls {
  const patience: Patience = { signal, silence: SILENCE };
  return {
    release: async (work, change) => {
      const answer = await releaseWork(access, work, change, patience);
      return answer === 'stopping' ? 'kept' : answer;
    },
    note: async (work, decision) => {
      await noteDecision(access, work, decision, patience);
    },
    relabel: async (work) => {
      await restoreHeldLabel(access, work, patience);
    },
    read: async (work) => (await findWork(access, work, patience))?.work ?? null,
    sweep: (take) => sweepWork(access, take, patience),
    writeEvent: (event) => createEvent(access, { ...event, reportingInstance: identity }, patience),
  };
}

/** The gatekeeper's calls for Jobs whose region is required. */
export function pinCalls(pinned: WatchedHeldWork, { access, signal }: CallContext): PinCalls {
  const patience: Patience = { signal, silence: SILENCE };
  return {
    pinned,
    unschedulableSince: (work) => unschedulableSince(access, work, patience),
    suspend: (work) => suspendAgain(access, work, patience),
    hasStopped: (work) => hasStopped(access, work, patience),
    unpin: (work, change) => unpinWork(access, work, change, patience),
  };
}

/** The gatekeeper's calls for Jobs that may be paused while they run. */
export function pauseCalls(
  running: WatchedRunningJobs,
  { access, signal, regionOf }: CallContext & { readonly regionOf: (node: string) => Region | null | undefined },
): PauseCalls {
  const patience: Patience = { signal, silence: SILENCE };
  return {
    running,
    pause: (job, change) => pauseWork(access, job, change, patience),
    regionsOf: async (job) => (await nodesOfJob(access, job, patience)).map((node) => regionOf(node) ?? null),
  };
}
