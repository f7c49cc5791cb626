import type { Logger } from 'pino';
import { millis } from '../../../carbon/units.ts';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { reasonOf } from '../../../kubernetes/errors.ts';
import type { LeaseObserver } from '../../../kubernetes/lease.ts';
import { supportsRepin } from '../../../kubernetes/unpin-work.ts';
import type { Clock } from '../../../service/clock.ts';
import { Gatekeeper } from '../../../service/gatekeeper/gatekeeper.ts';
import { occupantsOf } from '../../../service/gatekeeper/occupants.ts';
import { GatekeeperObserver } from '../../../service/gatekeeper/observer.ts';
import { systemTiming } from '../../../service/gatekeeper/timing.ts';
import type { LogLimit } from '../../../service/limited-log.ts';
import type { Metrics } from '../../../service/metrics/metrics.ts';
import type { ClassDurations } from '../../../timing/class-durations.ts';
import type { Inputs } from '../inputs.ts';
import { openLease } from '../lease.ts';
import type { ServeOptions } from '../options.ts';
import { ownIdentity } from '../own-identity.ts';
import { clusterCalls, pauseCalls, pinCalls } from './calls.ts';
import type { Moves } from './moves.ts';
import type { ClusterWatches } from './watches.ts';

/** How long the end waits for releases under way and for Events. */
const GRACE = millis(5_000);
const VERSION_SILENCE_MS = 5_000;

interface GatekeeperParts {
  readonly access: ApiAccess;
  readonly watches: ClusterWatches;
  readonly inputs: Inputs;
  readonly namespace: string;
  readonly moves: Moves;
  readonly durations: ClassDurations;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limit: LogLimit;
}

/** Starts the gatekeeper and its part in the election of a leader; the returned function ends both. */
export async function openGatekeeper(options: ServeOptions, parts: GatekeeperParts): Promise<() => Promise<void>> {
  const { access, watches, inputs, clock, moves, durations, metrics, log, limit } = parts;
  const identity = options.gatekeeper.identity ?? ownIdentity(parts.env);
  const calls = new AbortController();
  const context = { access, signal: calls.signal, identity };
  const gatekeeper = new Gatekeeper({
    ports: {
      held: watches.held,
      state: watches.state,
      calls: clusterCalls(context),
      pins: (await canRepin(access, log)) ? pinCalls(watches.pinned, context) : null,
      pauses: pauseCalls(watches.interruptible, { ...context, regionOf: (node) => inputs.regionOf(node) }),
      moves: () => moves.supported(),
      occupants: () => occupantsOf([watches.released.all(), watches.interruptible.all()]),
      usual: (workClass) => durations.usual(workClass)?.mean ?? null,
      timing: systemTiming(clock),
      gather: () => inputs.gather(),
      random: Math.random,
    },
    observer: new GatekeeperObserver({ metrics, log, limit }),
    regionLabel: options.regionLabel,
  });
  gatekeeper.start();
  inputs.onChange((change) => {
    gatekeeper.wake(change);
  });
  // Their ceilings bind what is held already.
  watches.state.onNamespaces(() => {
    gatekeeper.wake('namespaces');
  });
  const lease = openLease(options.gatekeeper.lease, { ...parts, identity }, electionOf(gatekeeper));
  lease.start();
  return async () => {
    await lease.stop();
    // Who has not led may still have Events to write from when it did.
    await gatekeeper.stop(GRACE);
    calls.abort();
  };
}

/** Who leads keeps the gate; who does not goes on watching. */
function electionOf(gatekeeper: Gatekeeper): Pick<LeaseObserver, 'onStarted' | 'onStopped'> {
  return {
    onStarted: () => {
      gatekeeper.lead();
    },
    onStopped: async (why) => {
      if (why === 'stopped') await gatekeeper.stop(GRACE);
      else await gatekeeper.follow();
    },
  };
}

/** Where the version cannot be had, regions are preferred only: a pin that cannot be taken back might hold work for ever. */
async function canRepin(access: ApiAccess, log: Logger): Promise<boolean> {
  try {
    const patience = { signal: AbortSignal.timeout(VERSION_SILENCE_MS), silence: VERSION_SILENCE_MS };
    return await supportsRepin(access, patience);
  } catch (error) {
    log.warn({ err: reasonOf(error) }, 'version of the API server not known: no region is required');
    return false;
  }
}
