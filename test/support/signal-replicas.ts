import { instant, millis, zone } from '../../src/carbon/units.ts';
import type { Instant } from '../../src/carbon/units.ts';
import { LEASE_TIMING, LeaseHolder } from '../../src/kubernetes/lease.ts';
import type { ShareObserver, ShareTrouble } from '../../src/service/signal-share/observer.ts';
import type { SharedPast } from '../../src/service/signal-share/ports.ts';
import { PublishedSet } from '../../src/service/signal-share/published-set.ts';
import { SignalShare } from '../../src/service/signal-share/share.ts';
import { Meter } from '../../src/sources/chain/meter-of.ts';
import { ProviderChain } from '../../src/sources/chain/provider-chain.ts';
import type { ChainSource } from '../../src/sources/chain/source.ts';
import { AT_ONCE_GZIP, ConfigMapShelf } from './config-map-shelf.ts';
import type { Fate } from './config-map-shelf.ts';
import { abortsAfter, chainSource, FakeProvider, gives } from './fake-provider.ts';
import type { Script } from './fake-provider.ts';
import { timingOf } from './gatekeeper.ts';
import { AT_ONCE, LeaseServer } from './lease-server.ts';
import type { Passage } from './lease-server.ts';
import { VirtualTime } from './virtual-time.ts';
import { AGES } from './zone-reports.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
export const SET = 'lowtide-signal';

/** What one replica is like. */
export interface ReplicaSketch {
  /** Requests in a day; null: as many as one likes. */
  readonly perDay?: number | null;
  readonly script?: Script;
  readonly past?: SharedPast | null;
  readonly standalone?: boolean;
  readonly lag?: () => number;
}

type StageSketch = Pick<SignalStage, 'zones' | 'maxBytes' | 'pace'>;

/** Replicas of the service before one API server and one provider, in virtual time. */
export class SignalStage {
  readonly time = new VirtualTime();
  readonly shelf = new ConfigMapShelf(this.time);
  readonly leases = new LeaseServer(this.time);
  /** Every request that reached the provider: when, and by whom. */
  readonly asked: { readonly at: Instant; readonly by: string }[] = [];
  readonly zones: readonly string[];
  readonly maxBytes: number;
  /** How many times longer than by default everything about the Lease takes: fewer moments to play. */
  readonly pace: number;

  constructor({ zones = ['DE', 'FR'], maxBytes = 512 * 1024, pace = 1 }: Partial<StageSketch> = {}) {
    this.zones = zones;
    this.pace = pace;
    this.maxBytes = maxBytes;
  }

  replica(name: string, sketch: ReplicaSketch = {}): Replica {
    return new Replica(this, name, sketch);
  }

  /** Ends a replica in order; its last calls take a moment. */
  async stop(replica: Replica): Promise<void> {
    const stopped = replica.stop();
    await this.time.pass(100);
    await stopped;
  }

  /** Requests on the UTC day of that moment. */
  askedOn(at: Instant): number {
    const day = Math.floor(at / DAY);
    return this.asked.filter((one) => Math.floor(one.at / DAY) === day).length;
  }

  /** The most requests of any day. */
  get most(): number {
    return Math.max(0, ...this.asked.map(({ at }) => this.askedOn(at)));
  }
}

/** One replica: a chain over one metered provider, its share, and its part in the election. */
export class Replica {
  readonly name: string;
  readonly chain: ProviderChain;
  readonly meter: Meter;
  readonly provider: FakeProvider;
  readonly share: SignalShare;
  readonly lease: LeaseHolder;
  readonly troubles: { readonly trouble: ShareTrouble; readonly detail: string }[] = [];
  readonly events: string[] = [];
  /** How its calls to the API server fare. */
  fate: (call: string, name: string) => Fate = () => ({});
  leasePassage: () => Passage = () => AT_ONCE;
  /** Nothing of it reaches anybody any more. */
  #dead = false;

  constructor(stage: SignalStage, name: string, sketch: ReplicaSketch) {
    const { time } = stage;
    const { perDay = 1_000, script = gives('p', 300), standalone = false } = sketch;
    this.name = name;
    this.meter = new Meter({ perDay, perMinute: null, now: time.now, reserved: !standalone });
    this.provider = new FakeProvider(
      'p',
      (of, asking) => {
        if (this.#dead) return new Promise(() => undefined);
        stage.asked.push({ at: time.now(), by: name });
        return script(of, asking);
      },
      { meter: this.meter },
    );
    const source: ChainSource = chainSource(this.provider, { meter: this.meter, ages: AGES });
    this.chain = new ProviderChain({
      sources: [source],
      now: time.now,
      random: () => 0.5,
      observer: { onCall: none, onReport: none, onCircuit: none, onBudget: none },
      timeout: (after) => abortsAfter(time, after),
    });
    this.chain.useZones(stage.zones.map(zone));
    this.share = this.#openShare(stage, sketch);
    this.lease = this.#openLease(stage);
  }

  start(): this {
    this.share.start();
    this.lease.start();
    return this;
  }

  /** What the zone's reading is in short. */
  reading(of: string, now: Instant): string {
    const reading = this.chain.readingsAt(now).get(zone(of));
    if (reading?.state !== 'known') return reading?.reason ?? 'none';
    return `${reading.value} of ${new Date(reading.observedAt).toISOString().slice(11, 16)}`;
  }

  /** It is gone at once: nothing that it had begun goes on, and nothing is told to anybody. */
  kill(): void {
    this.#dead = true;
    const never = { there: 1e12 };
    this.fate = () => never;
    this.leasePassage = () => ({ there: 1e12, back: 0 });
  }

  async stop(): Promise<void> {
    await this.lease.stop();
    await this.share.stop();
  }

  #openShare(stage: SignalStage, { past = null, standalone = false, lag = () => 0 }: ReplicaSketch): SignalShare {
    const { time, shelf, maxBytes } = stage;
    const store = shelf.store((call, name) => this.fate(call, name));
    const common = { store, writer: this.name, now: time.now, compression: AT_ONCE_GZIP, maxBytes };
    const sets = {
      state: new PublishedSet({ ...common, name: SET }),
      past: new PublishedSet({ ...common, name: `${SET}-history` }),
      watch: shelf.watch(SET, lag),
    };
    return new SignalShare({
      ...{ chain: this.chain, past, sets: standalone ? null : sets, refresh: millis(MINUTE) },
      meters: new Map([['p', this.meter]]),
      timing: timingOf(time),
      random: () => 0.5,
      observer: this.#observer(),
      breathe: () => Promise.resolve(),
    });
  }

  #observer(): ShareObserver {
    return {
      onRole: (role) => this.events.push(role),
      onPublished: (reports) => this.events.push(`published ${reports}`),
      onAdopted: (reports) => this.events.push(`adopted ${reports}`),
      onTrouble: (trouble, detail) => this.troubles.push({ trouble, detail }),
    };
  }

  #openLease({ time, leases, pace }: SignalStage): LeaseHolder {
    const { now, monotonic, delay } = time;
    return new LeaseHolder({
      store: leases.store(() => this.leasePassage()),
      lease: { namespace: 'lowtide', name: SET },
      identity: this.name,
      timing: {
        leaseDuration: millis(LEASE_TIMING.leaseDuration * pace),
        renewDeadline: millis(LEASE_TIMING.renewDeadline * pace),
        retryPeriod: millis(LEASE_TIMING.retryPeriod * pace),
        ...{ now, monotonic, delay, random: () => 0.5 },
      },
      observer: {
        onStarted: () => {
          this.share.lead();
        },
        onStopped: () => this.share.follow(),
      },
    });
  }
}

function none(): void {
  // Nobody listens.
}

export function at(time: string): Instant {
  return instant(Date.parse(time));
}
