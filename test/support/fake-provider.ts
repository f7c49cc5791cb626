import type { ZoneReport } from '../../src/carbon/report.ts';
import type { EmissionFactor, SignalKind } from '../../src/carbon/types.ts';
import { millis, zone } from '../../src/carbon/units.ts';
import type { Instant, Zone } from '../../src/carbon/units.ts';
import type { ChainObserver } from '../../src/sources/chain/observer.ts';
import { ProviderChain } from '../../src/sources/chain/provider-chain.ts';
import { Meter } from '../../src/sources/chain/meter-of.ts';
import type { MeterOptions } from '../../src/sources/chain/meter-of.ts';
import type { ChainSource } from '../../src/sources/chain/source.ts';
import { ProviderFailure } from '../../src/sources/failure.ts';
import type { FailureReason } from '../../src/sources/failure.ts';
import type { Asking, Provider, ZoneName } from '../../src/sources/provider.ts';
import { AGES, HOUR, MINUTE, zoneReport } from './zone-reports.ts';
import { VirtualTime } from './virtual-time.ts';
import { grams } from './world.ts';

type Answer = ZoneReport | ProviderFailure;
/** What a provider says of a zone; a promise takes its time, a rejection fails the exchange. */
export type Script = (zone: Zone, asking: Asking) => Answer | Promise<Answer>;

interface FakeOptions {
  readonly kind?: SignalKind;
  readonly factor?: EmissionFactor;
  readonly serves?: 'one' | 'all';
  /** What it is metered by: each call takes one request. */
  readonly meter?: Meter;
}

/** A provider that does what the test says, and remembers what it was asked. */
export class FakeProvider implements Provider {
  readonly id: string;
  readonly kind: SignalKind;
  readonly factor: EmissionFactor;
  readonly serves: 'one' | 'all';
  readonly history = null;
  /** Zones of each call that went out, and when. */
  readonly calls: { readonly zones: readonly string[]; readonly at: Instant }[] = [];
  underWay = 0;
  mostUnderWay = 0;
  closed = false;
  script: Script;
  readonly #meter: Meter | undefined;

  constructor(id: string, script: Script, options: FakeOptions = {}) {
    this.id = id;
    this.script = script;
    this.kind = options.kind ?? 'average';
    this.factor = options.factor ?? 'lifecycle';
    this.serves = options.serves ?? 'one';
    this.#meter = options.meter;
  }

  async report(zones: readonly ZoneName[], asking: Asking): Promise<ReadonlyMap<Zone, Answer>> {
    if (this.#meter?.take() === false) throw new ProviderFailure('over-budget', 'nothing left');
    this.calls.push({ zones: zones.map(({ name }) => name), at: asking.now });
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      const answers = zones.map(async (each) => [each.zone, await this.script(each.zone, asking)] as const);
      return new Map(await Promise.all(answers));
    } finally {
      this.underWay -= 1;
    }
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** A script that reports one value, observed in the hour that has just begun. */
export function gives(source: string, value: number, part: Partial<ZoneReport> = {}): Script {
  return (of, { now }) => {
    const start = (now - (now % HOUR)) as Instant;
    const step = { start, end: (start + HOUR) as Instant, value: grams(value), quality: 'measured' as const };
    return zoneReport({ zone: of, source, observed: [step], fetchedAt: now, ...part });
  };
}

/** A script whose exchange fails. */
export function fails(reason: FailureReason, retryAfter: number | null = null): Script {
  return () => Promise.reject(new ProviderFailure(reason, reason, retryAfter === null ? null : millis(retryAfter)));
}

/** A script that never answers, nor heeds being given up. */
export const hangs: Script = () => new Promise(() => undefined);

export function chainSource(
  provider: Provider,
  part: Partial<ChainSource> & { limits?: Partial<MeterOptions>; now?: () => Instant } = {},
): ChainSource {
  const { limits, now = () => 0 as Instant, ...rest } = part;
  return {
    provider,
    nameOf: (name) => name,
    ages: AGES,
    refresh: millis(5 * MINUTE),
    meter: new Meter({ perDay: null, perMinute: null, now, ...limits }),
    requestsPerReport: 1,
    ...rest,
  };
}

/** A chain in virtual time, all of whose calls are remembered. */
export class ChainStage {
  readonly time: VirtualTime;
  readonly told: readonly unknown[][];
  readonly chain: ProviderChain;
  chance = 0;
  changes = 0;

  constructor(sources: () => readonly ChainSource[], zones: readonly string[] = ['DE'], time = new VirtualTime()) {
    this.time = time;
    const told: unknown[][] = [];
    this.told = told;
    const observer: ChainObserver = {
      onCall: (...args) => told.push(['call', ...args]),
      onReport: (...args) => told.push(['report', ...args]),
      onCircuit: (...args) => told.push(['circuit', ...args]),
      onBudget: (...args) => told.push(['budget', ...args]),
    };
    this.chain = new ProviderChain({
      sources: sources(),
      now: this.time.now,
      random: () => this.chance,
      observer,
      timeout: (after) => abortsAfter(this.time, after),
    });
    this.chain.useZones(zones.map(zone));
    this.chain.onChange(() => (this.changes += 1));
  }

  /** One round, to its end; at most so many milliseconds pass. */
  async round(atMost = 0): Promise<void> {
    const over = this.chain.round(new AbortController().signal);
    await this.time.pass(atMost);
    await over;
  }

  /** What the zone's reading is in short: value and source, or the reason why there is none. */
  reading(of = 'DE'): string {
    const reading = this.chain.readingsAt(this.time.now()).get(zone(of));
    if (reading === undefined) return 'none';
    return reading.state === 'known' ? `${reading.value} by ${reading.source}` : reading.reason;
  }
}

/** More zones than are asked for at a time. */
export const MANY: readonly string[] = Array.from({ length: 12 }, (_, i) => `Z${i}`);

/** A chain of two sources that answer for any zone. */
export interface TwoSources {
  readonly stage: ChainStage;
  readonly first: FakeProvider;
  readonly second: FakeProvider;
}

export function twoSources(first: Script, second: Script, zones?: readonly string[]): TwoSources {
  const providers = { first: new FakeProvider('first', first), second: new FakeProvider('second', second) };
  const stage = new ChainStage(() => [chainSource(providers.first), chainSource(providers.second)], zones);
  return { stage, ...providers };
}

/** As AbortSignal.timeout, in virtual time. */
export function abortsAfter(time: VirtualTime, after: number): AbortSignal {
  const controller = new AbortController();
  void time.delay(after).then(() => {
    controller.abort(new DOMException('it took too long', 'TimeoutError'));
  });
  return controller.signal;
}
