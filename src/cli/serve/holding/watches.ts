import type { Logger } from 'pino';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { WatchedClusterState } from '../../../kubernetes/cluster-state.ts';
import { WatchedHeldWork } from '../../../kubernetes/held-index.ts';
import { WatchedRunningJobs } from '../../../kubernetes/running-index.ts';
import type { WatchObserver } from '../../../kubernetes/watch-observer.ts';
import { CLUSTER_TIMING } from '../../../kubernetes/watch-timing.ts';
import { INTERRUPTIBLE_LABEL, PINNED_LABEL, RELEASED_LABEL } from '../../../policy/annotations.ts';
import type { WatchMetrics } from '../../../service/metrics/watch-metrics.ts';

/** What is watched of the cluster beside its nodes. */
export interface ClusterWatches {
  readonly state: WatchedClusterState;
  readonly held: WatchedHeldWork;
  /** Released Jobs whose region is required. */
  readonly pinned: WatchedHeldWork;
  /** Jobs that may be paused, running or not. */
  readonly interruptible: WatchedRunningJobs;
  /** Jobs that were held once: what usually becomes of them is learnt from those that finish. */
  readonly released: WatchedRunningJobs;
  /** Resolves when all of it is known, or was refused, or the watches are closed. */
  readonly ready: Promise<void>;
  /** What the service does without meanwhile. */
  degraded(): readonly string[];
  close(): Promise<void>;
}

interface WatchContext {
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

/**
 * Held work has an end that is promised to the minute: a connection that died without a word is given up sooner than for
 * what changes seldom, after 50 s at most.
 */
const HELD_TIMING = { ...CLUSTER_TIMING, watchSeconds: 20, watchGrace: 10_000 };

/** Opens the watches on everything that holding rests on. */
export function openWatches(access: ApiAccess, context: WatchContext): ClusterWatches {
  const lost = new Set<string>();
  const observer = (resource: string): WatchObserver => watchObserver(resource, lost, context);
  const held = new WatchedHeldWork({ access, observer, timing: HELD_TIMING });
  const pinned = new WatchedHeldWork({ access, observer, label: PINNED_LABEL, kinds: ['job'] });
  const interruptible = new WatchedRunningJobs({ access, observer, label: INTERRUPTIBLE_LABEL, timing: HELD_TIMING });
  const released = new WatchedRunningJobs({ access, observer, label: RELEASED_LABEL });
  const state = new WatchedClusterState({ access, observer, heldOfCronJob: (uid) => held.heldOfCronJob(uid) });
  const all = [held, pinned, interruptible, released, state];
  return {
    state,
    held,
    pinned,
    interruptible,
    released,
    ready: Promise.all(all.map((each) => each.start())).then(() => undefined),
    degraded: () => [
      ...Array.from(lost, (resource) => `the watch on ${resource} is not connected, what was last known stays`),
      ...all
        .flatMap(({ refused }) => refused)
        .map((resource) => `the API server refuses to list ${resource}: nothing is known of them`),
    ],
    close: async () => {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}

function watchObserver(resource: string, lost: Set<string>, { metrics, log }: WatchContext): WatchObserver {
  metrics.watchConnected.set({ resource }, 0);
  return {
    onSynced: (count) => {
      log.debug({ resource, count }, 'watched resource complete');
    },
    onConnected: () => {
      lost.delete(resource);
      metrics.watchConnected.set({ resource }, 1);
      log.debug({ resource }, 'watch connected');
    },
    onDisconnected: (reason, detail) => {
      lost.add(resource);
      metrics.watchConnected.set({ resource }, 0);
      metrics.watchDisconnects.inc({ resource, reason });
      log.warn({ resource, reason, detail }, 'watch lost, what was last known stays');
    },
  };
}
