import assert from 'node:assert/strict';
import { instant, millis } from '../../../../src/carbon/units.ts';
import type { SignalAges, ZoneReport } from '../../../../src/carbon/report.ts';
import type { Instant, Zone } from '../../../../src/carbon/units.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import { FAILURE_SCOPE, ProviderFailure } from '../../../../src/sources/failure.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';
import { chainSource, ChainStage, FakeProvider, hangs } from '../../../support/fake-provider.ts';
import type { Script } from '../../../support/fake-provider.ts';
import { busiestDay, busiestMinute, DAY_ZONES, Ledger, troubleAt, Watcher } from '../../../support/fault-day.ts';
import type { Trouble } from '../../../support/fault-day.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';
import { HOUR, MINUTE, zoneReport } from '../../../support/zone-reports.ts';
import { grams } from '../../../support/world.ts';

const STEP = 5 * MINUTE;
const REFRESH = 5;
const AGES: SignalAges = { soft: millis(10 * MINUTE), hard: millis(HOUR) };
const MIDNIGHT = Date.parse('2026-03-02T00:00:00Z');
const LIMITS = { perDay: 2000, perMinute: 12 };

type Fault = FailureReason | 'old data' | 'mixed-up zones' | 'hangs' | 'slow' | 'other kind' | 'one zone fails';
type Source = 'grid' | 'marginal' | 'table';

/** Minutes of the day. Before 01:00, between the troubles and after 22:00 all is well. */
const DAY: readonly Trouble<Fault>[] = [
  { source: 'grid', from: 60, to: 150, fault: 'unreachable' },
  { source: 'grid', from: 180, to: 300, fault: 'rate-limited' },
  { source: 'grid', from: 330, to: 450, fault: 'old data' },
  { source: 'grid', from: 480, to: 570, fault: 'implausible' },
  { source: 'grid', from: 600, to: 660, fault: 'mixed-up zones' },
  { source: 'grid', from: 690, to: 750, fault: 'hangs' },
  { source: 'grid', from: 765, to: 795, fault: 'slow' },
  { source: 'grid', from: 810, to: 840, fault: 'other kind' },
  { source: 'grid', from: 855, to: 885, fault: 'one zone fails' },
  { source: 'grid', from: 900, to: 1060, fault: 'upstream-error' },
  { source: 'table', from: 900, to: 1030, fault: 'truncated' },
  { source: 'marginal', from: 960, to: 1080, fault: 'malformed' },
  { source: 'grid', from: 1110, to: 1140, fault: 'unauthorized' },
  { source: 'grid', from: 1170, to: 1260, fault: 'no-data' },
  { source: 'table', from: 1200, to: 1230, fault: 'hangs' },
  { source: 'grid', from: 1280, to: 1320, fault: 'clock-skew' },
];

const LEVEL: Readonly<Record<Source, number>> = { grid: 100, marginal: 600, table: 300 };

function truth(source: Source, of: string, at: number): number {
  return LEVEL[source] + DAY_ZONES.indexOf(of as Zone) * 20 + (Math.floor(at / STEP) % 17);
}

class FaultyDay {
  readonly time = new VirtualTime(MIDNIGHT);
  readonly ledger = new Ledger();
  readonly meters = new Map<string, Meter>();
  readonly providers: readonly FakeProvider[] = [
    this.#provider('grid', 'one'),
    this.#provider('marginal', 'one'),
    this.#provider('table', 'all'),
  ];
  readonly stage = new ChainStage(
    () =>
      this.providers.map((provider) => {
        const meter = this.meters.get(provider.id);
        return chainSource(provider, { ages: AGES, refresh: millis(REFRESH * MINUTE), ...(meter && { meter }) });
      }),
    DAY_ZONES,
    this.time,
  );

  constructor() {
    let draw = 0;
    // Not random, but never twice the same: 0, 0.618, 0.236, ...
    Object.defineProperty(this.stage, 'chance', { get: () => ((draw += 1) * 0.618) % 1 });
  }

  /** As the service does: a round whenever one is due, a second after the last at the earliest. */
  async run(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const wait = Number(this.stage.chain.nextDue()) - this.time.now();
      await this.time.delay(Math.max(1000, wait));
      await this.stage.chain.round(until);
    }
  }

  #provider(id: Source, serves: 'one' | 'all'): FakeProvider {
    const meter = new Meter({ ...LIMITS, now: this.time.now });
    this.meters.set(id, meter);
    const kind = id === 'marginal' ? 'marginal' : 'average';
    return new FakeProvider(id, this.#script(id), { serves, kind, meter });
  }

  #script(source: Source): Script {
    return async (of, asking) => {
      const { now } = asking;
      const fault = troubleAt(DAY, source, (now - MIDNIGHT) / MINUTE);
      if (fault === 'hangs') return hangs(of, asking);
      if (fault === 'slow') await this.time.delay(20_000);
      if (fault === null || fault === 'slow') return this.#report(source, of, now, this.time.now());
      return this.#spoilt(source, of, now, fault);
    };
  }

  #spoilt(source: Source, of: Zone, now: Instant, fault: Fault): ZoneReport | ProviderFailure {
    const next = DAY_ZONES[(DAY_ZONES.indexOf(of) + 1) % DAY_ZONES.length] ?? of;
    switch (fault) {
      case 'old data':
        return this.#report(source, of, instant(now - 3 * HOUR), now);
      case 'mixed-up zones':
        return this.#report(source, next, now, now);
      case 'other kind':
        return { ...this.#report('marginal', of, now, now), source, kind: 'marginal' };
      case 'one zone fails':
        return of === DAY_ZONES[1] ? new ProviderFailure('unknown-zone', of) : this.#report(source, of, now, now);
      case 'implausible':
        return new ProviderFailure('implausible', '99999 gCO2eq/kWh');
      default:
        throw new ProviderFailure(reasonOf(fault), fault, fault === 'rate-limited' ? millis(4 * MINUTE) : null);
    }
  }

  /** What it said stands in the ledger, under the zone that it said it of. */
  #report(source: Source, of: Zone, at: Instant, fetchedAt: Instant): ZoneReport {
    const start = instant(at - (at % STEP));
    const values = [0, 1, 2].map((index) => truth(source, of, start + index * STEP));
    for (const value of values) this.ledger.gave(source, of, value);
    const steps = values.map((value, index) => {
      return { start: instant(start + index * STEP), end: instant(start + (index + 1) * STEP), value: grams(value) };
    });
    return zoneReport({
      ...{ zone: of, source, fetchedAt, kind: source === 'marginal' ? 'marginal' : 'average' },
      observed: steps.slice(0, 1).map((step) => ({ ...step, quality: 'measured' })),
      forecast: source === 'grid' ? steps.slice(1) : [],
      forecastBy: source === 'grid' ? 'provider' : null,
    });
  }
}

describe('a day of faults', () => {
  const day = new FaultyDay();
  const watcher = new Watcher(day.stage.chain, day.ledger);
  const ending = new AbortController();
  let failed: unknown = null;

  before(async () => {
    const running = day.run(ending.signal);
    await day.time.pass(MINUTE);
    for (let minute = 1; minute < 1440 && failed === null; minute += 1) {
      try {
        watcher.look(day.time.now());
      } catch (error) {
        failed = new Error(`at minute ${minute}`, { cause: error });
      }
      await day.time.pass(MINUTE);
    }
    ending.abort();
    await day.time.pass(HOUR);
    await running;
    await day.stage.chain.close();
  }).timeout(20_000);

  it('shows no value that nobody gave, mixes no kinds, and leaves no answer of the extender undefined', () => {
    assert.equal(failed, null);
    assert.equal(watcher.speaks.length, 1439);
  });

  for (const { source, from, to, fault } of DAY.filter((trouble) => trouble.source === 'grid')) {
    it(`goes back to the best source within one refresh after ${source}: ${fault}`, () => {
      const during = new Set(watcher.speaks.slice(from, to - 1).flatMap((each) => [...each.values()]));

      assert.equal(watcher.at(to + REFRESH - 1), 'grid');
      if (fault !== 'slow') assert.ok(during.has('table'), [...during].join(', '));
      assert.ok(!during.has('marginal'));
    });
  }

  it('knows nothing while all fail for longer than the hard age, and says why', () => {
    assert.equal(watcher.at(1020), 'source-failing');
    assert.deepEqual(
      watcher.unknownMinutes().filter((minute) => minute < 900 + 60 - 2 * REFRESH || minute > 1030 + REFRESH),
      [],
    );
  });

  it('sends no more requests than the day and the minute allow', () => {
    for (const provider of day.providers) {
      const times = provider.calls.map(({ at }) => at);
      assert.ok(busiestDay(times) <= LIMITS.perDay, `${provider.id}: ${busiestDay(times)} in a day`);
      assert.ok(busiestMinute(times) <= LIMITS.perMinute, `${provider.id}: ${busiestMinute(times)} in a minute`);
    }
  });

  it('asks the best source once a zone and refresh, whatever happens', () => {
    const healthy = (1440 / REFRESH) * DAY_ZONES.length;
    const [grid] = day.providers;
    assert.ok((grid?.calls.length ?? 0) <= healthy, `${grid?.calls.length} of ${healthy}`);
  });

  it('asks the last source only while the best has nothing fresh', () => {
    const table = day.providers[2]?.calls ?? [];
    const idle = table.filter(({ at }) => !DAY.some(({ from, to }) => within((at - MIDNIGHT) / MINUTE, from, to)));
    assert.deepEqual(idle, []);
  });
});

function reasonOf(fault: Fault): FailureReason {
  return fault in FAILURE_SCOPE ? (fault as FailureReason) : 'malformed';
}

function within(minute: number, from: number, to: number): boolean {
  return minute >= from && minute <= to + REFRESH;
}
