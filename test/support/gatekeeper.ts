import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Signal } from '../../src/carbon/types.ts';
import { instant, millis } from '../../src/carbon/units.ts';
import type { NodeCatalog } from '../../src/placement/types.ts';
import type { NamespaceFacts } from '../../src/policy/namespace.ts';
import type { Policy } from '../../src/policy/types.ts';
import { Gatekeeper } from '../../src/service/gatekeeper/gatekeeper.ts';
import { GatekeeperObserver } from '../../src/service/gatekeeper/observer.ts';
import type { Occupant } from '../../src/service/gatekeeper/capacity-book.ts';
import type { PauseCalls, PinCalls, Timing } from '../../src/service/gatekeeper/ports.ts';
import { createGatekeeperMetrics } from '../../src/service/metrics/gatekeeper-metrics.ts';
import { FakeHeldCluster } from './held-cluster.ts';
import { DEFERRABLE, STANDARD, URGENT } from './intents.ts';
import { VirtualTime } from './virtual-time.ts';
import { FakeCatalog, policy, signal, world } from './world.ts';

export const REGION_LABEL = 'topology.kubernetes.io/region';
/** Above every threshold. */
export const DIRTY = { 'eu-west-1': 500, 'eu-central-1': 600, 'us-east-1': 700 };
/** One region at 100 g. */
export const CLEAN = { ...DIRTY, 'eu-west-1': 100 };

interface SceneSketch {
  readonly policy?: Parameters<typeof policy>[0];
  readonly signal?: Signal;
  readonly pins?: PinCalls | null;
  readonly pauses?: (around: Pick<Scene, 'time' | 'cluster'>) => PauseCalls;
  readonly occupants?: () => Iterable<Occupant>;
}

/** A gatekeeper, or several, before one cluster in memory, in time that passes only when told to. */
export class Scene {
  readonly time = new VirtualTime();
  readonly timing: Timing = timingOf(this.time);
  readonly cluster = new FakeHeldCluster(this.time);
  policy: Policy;
  policyGeneration = 1;
  signal: Signal;
  catalog: NodeCatalog = new FakeCatalog({ a: 'eu-west-1', b: 'eu-central-1', c: 'us-east-1' });
  readonly namespaces = new Map<string, NamespaceFacts>();
  /** What chance says, 0 to 1. */
  chance = 0;
  readonly #pins: PinCalls | null;
  readonly #pauses: PauseCalls | null;
  readonly #occupants: () => Iterable<Occupant>;
  /** Whether paused Jobs may be resumed elsewhere. */
  moves = true;

  constructor(sketch: SceneSketch = {}) {
    this.policy = policy({ classes: [URGENT, STANDARD, DEFERRABLE], ...sketch.policy });
    this.signal = sketch.signal ?? signal(DIRTY);
    this.#pins = sketch.pins ?? null;
    this.#occupants = sketch.occupants ?? (() => []);
    this.#pauses = sketch.pauses?.(this) ?? null;
  }

  /** A gatekeeper that follows the index; `lead` makes it act. */
  gatekeeper(): { gatekeeper: Gatekeeper; registry: Registry } {
    const registry = new Registry();
    const observer = new GatekeeperObserver({
      metrics: createGatekeeperMetrics([registry]),
      log: pino({ level: 'silent' }),
      limit: { allows: () => true },
    });
    const gatekeeper = new Gatekeeper({
      ports: {
        held: this.cluster.index,
        state: { namespace: (name) => this.namespaces.get(name), volumeTerms: () => [] },
        calls: this.cluster,
        pins: this.#pins,
        pauses: this.#pauses,
        moves: () => this.moves,
        occupants: () => this.#occupants(),
        usual: () => null,
        timing: this.timing,
        gather: () =>
          world({
            policy: this.policy,
            policyGeneration: this.policyGeneration,
            signal: this.signal,
            catalog: this.catalog,
            now: this.time.now(),
          }),
        random: () => this.chance,
      },
      observer,
      regionLabel: REGION_LABEL,
    });
    gatekeeper.start();
    return { gatekeeper, registry };
  }

  /** A gatekeeper that leads and has looked at everything. */
  async leader(): Promise<Gatekeeper> {
    const { gatekeeper } = this.gatekeeper();
    gatekeeper.lead();
    await this.time.pass(0);
    return gatekeeper;
  }

  /** The grid turns; whoever is given hears of it. */
  turn(values: Parameters<typeof signal>[0], ...gatekeepers: readonly Gatekeeper[]): void {
    this.signal = { ...signal(values), generation: this.signal.generation + 1, at: this.time.now() };
    for (const each of gatekeepers) each.wake('signal');
  }
}

export function timingOf(time: VirtualTime): Timing {
  return {
    now: time.now,
    after: (wait, run) => {
      const cancelled = new AbortController();
      time.delay(Math.max(0, wait), cancelled.signal).then(run, () => undefined);
      return () => {
        cancelled.abort();
      };
    },
  };
}

/** Seconds, as the gatekeeper counts time. */
export function seconds(count: number): ReturnType<typeof millis> {
  return millis(count * 1000);
}

export function after(start: number, ms: number): ReturnType<typeof instant> {
  return instant(start + ms);
}
