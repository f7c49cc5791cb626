import assert from 'node:assert/strict';
import { instant, zone } from '../../../../src/carbon/units.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';
import type { OwnForecasts } from '../../../../src/sources/own-forecast/own-forecasts.ts';
import { DAY, HOUR, JANUARY, gridSource, hoursOf, ownForecasts, reportOf } from '../../../support/own-forecast.ts';
import type { GridSource, HandClock } from '../../../support/own-forecast.ts';

const MINUTE = 60_000;
const NOW = instant(JANUARY + 100 * DAY);

interface Setting extends GridSource {
  readonly clock: HandClock;
  readonly own: OwnForecasts;
  /** Reports the running hour of these zones. */
  tell(...zones: string[]): readonly (string | null)[];
  /** Gathers as often as it is due until so many milliseconds later. */
  run(length: number): Promise<void>;
}

type Options = Partial<Omit<Parameters<typeof gridSource>[0], 'clock'>> & { readonly share?: number };

function setting({ share = 0.25, ...options }: Options = {}): Setting {
  const clock: HandClock = { now: NOW };
  const grid = gridSource({ clock, past: ({ from, to }) => hoursOf(from, Math.min(to, clock.now)), ...options });
  const own = ownForecasts(clock, { share });
  const enrich = own.enricher();
  return {
    clock,
    own,
    ...grid,
    tell: (...zones) =>
      zones.map((name) => {
        const hour = Math.floor(clock.now / HOUR) * HOUR;
        return enrich(reportOf(hoursOf(hour, hour + HOUR), clock.now, { zone: zone(name) }), grid.source).forecastBy;
      }),
    run: async (length) => {
      const end = clock.now + length;
      for (let due = own.nextDue(); due !== null && due < end; due = own.nextDue()) {
        clock.now = due;
        const before = grid.asked.length;
        await own.gather(AbortSignal.timeout(60_000));
        if (grid.asked.length === before && own.nextDue() === due) throw new Error('due, and nothing was done');
      }
      clock.now = instant(end);
    },
  };
}

function failing(reason: FailureReason): () => never {
  return () => {
    throw new ProviderFailure(reason, 'as the test wants it');
  };
}

/** Days before now at which parts that were asked for begin. */
function daysBack({ asked }: GridSource): readonly number[] {
  return asked.map(({ from }) => Math.round((NOW - from) / DAY));
}

describe('gathering the past', () => {
  it('asks for 60 days, newest first, and forecasts as soon as 14 are known', async () => {
    const at = setting();
    assert.deepEqual(at.tell('DE'), [null]);

    await at.own.gather(AbortSignal.timeout(60_000));
    assert.deepEqual([daysBack(at), at.tell('DE')], [[10], [null]]);

    await at.run(HOUR);
    assert.deepEqual([daysBack(at), at.tell('DE')], [[10, 20, 30, 40, 50, 60], ['own']]);
  });

  it('asks a few zones at a time, a minute apart, the newest part of each before older ones', async () => {
    const at = setting();
    const zones = ['A', 'B', 'C', 'D', 'E', 'F'];
    at.tell(...zones);
    await at.run(HOUR);

    assert.deepEqual(
      at.asked.slice(0, 6).map((each) => each.zone),
      zones,
    );
    assert.deepEqual(daysBack(at).slice(0, 12), [...Array<number>(6).fill(10), ...Array<number>(6).fill(20)]);
    const minutes = at.asked.map((each) => Math.round((each.at - NOW) / MINUTE));
    assert.deepEqual(minutes.slice(0, 9), [0, 0, 0, 0, 1, 1, 1, 1, 2]);
  });

  it('has nothing more to ask when all is known', async () => {
    const at = setting();
    at.tell('DE');
    await at.run(HOUR);

    assert.equal(at.own.nextDue(), null);
    assert.equal(at.own.due().size, 0);
  });

  it('asks again, of an outage of ours, for the part that is missing', async () => {
    const at = setting();
    at.tell('DE');
    await at.run(HOUR);
    const before = at.asked.length;
    at.clock.now = instant(NOW + 3 * DAY);
    at.tell('DE');
    await at.run(HOUR);

    assert.deepEqual(daysBack(at).slice(before), [7]);
  });

  const nothing: Record<string, { options?: Options; tell: (at: Setting) => void }> = {
    'of a provider without history': { options: { past: null }, tell: (at) => at.tell('DE') },
    'of a zone that the provider has no name for': { tell: (at) => at.tell('nowhere') },
    'of a zone that has a provider’s forecast': {
      tell: (at) => {
        const report = reportOf(hoursOf(NOW - DAY, NOW), NOW, { forecastBy: 'provider' });
        at.own.enricher()(report, at.source);
      },
    },
    'of a zone that nobody has reported': { tell: () => undefined },
    'with a share of the requests that is less than one': {
      options: { perDay: 3 },
      tell: (at) => at.tell('DE'),
    },
  };
  for (const [name, { options, tell }] of Object.entries(nothing)) {
    it(`asks for nothing ${name}`, async () => {
      const at = setting(options);
      tell(at);
      assert.equal(at.own.due().size, 0);
      await at.run(5 * DAY);

      assert.equal(at.asked.length, 0);
    });
  }

  const failures: Record<string, { reason: FailureReason; wantFirstDay: number; wantOther: boolean }> = {
    'asks nothing of a provider for a day whose plan forbids it': {
      reason: 'forbidden',
      wantFirstDay: 1,
      wantOther: false,
    },
    'leaves a zone alone for a day that has no past': { reason: 'no-data', wantFirstDay: 2, wantOther: true },
    'leaves a zone alone for a day whose past is absurd': { reason: 'implausible', wantFirstDay: 2, wantOther: true },
  };
  for (const [name, { reason, wantFirstDay, wantOther }] of Object.entries(failures)) {
    it(name, async () => {
      const at = setting({ past: failing(reason) });
      at.tell('DE', 'FR');
      await at.run(DAY - MINUTE);
      assert.equal(at.asked.length, wantFirstDay);
      assert.equal(
        at.asked.some((each) => each.zone === 'FR'),
        wantOther,
      );

      await at.run(HOUR);
      assert.ok(at.asked.length > wantFirstDay);
    });
  }

  it('leaves a provider alone that fails, longer and longer', async () => {
    const at = setting({ past: failing('upstream-error') });
    at.tell('DE');
    await at.run(DAY);

    const minutes = at.asked.map((each) => Math.round((each.at - NOW) / MINUTE));
    assert.deepEqual(minutes, [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 871, 1231]);
  });

  it('leaves a provider alone for as long as it asks', async () => {
    const at = setting({
      past: () => {
        throw new ProviderFailure('rate-limited', 'slow down', 7_200_000 as never);
      },
    });
    at.tell('DE');
    await at.run(DAY);

    assert.deepEqual(
      at.asked.slice(0, 2).map((each) => (each.at - NOW) / HOUR),
      [0, 2],
    );
  });

  it('goes on where it was after a failure', async () => {
    let fails = 2;
    const at = setting({ past: ({ from, to }) => (fails-- > 0 ? failing('timeout')() : hoursOf(from, to)) });
    at.tell('DE');
    await at.run(HOUR);

    assert.deepEqual(at.tell('DE'), ['own']);
  });

  it('asks a provider that gives its last day alone once a day, and forecasts in the end', async () => {
    const at = setting({ past: ({ to }) => hoursOf(Math.max(to, at.clock.now) - DAY, to) });
    for (let day = 0; day < 15; day += 1) {
      at.tell('DE');
      await at.run(DAY);
    }

    assert.deepEqual(at.tell('DE'), ['own']);
    assert.ok(at.asked.length <= 16, String(at.asked.length));
  });

  it('takes no more than its share of the day', async () => {
    const at = setting({ perDay: 40 });
    at.tell('A', 'B', 'C', 'D');
    await at.run(DAY - MINUTE);
    assert.equal(at.asked.length, 10);

    await at.run(2 * DAY);
    const days = at.asked.map((each) => Math.floor((each.at - NOW) / DAY));
    assert.deepEqual(
      [0, 1, 2].map((day) => days.filter((each) => each === day).length),
      [10, 10, 10],
    );
  });

  it('counts every request of a part that takes several', async () => {
    const at = setting({ perDay: 40, cost: 3 });
    at.tell('A', 'B', 'C', 'D');
    await at.run(DAY - MINUTE);

    assert.ok(40 - (at.meter.left() ?? 0) <= 12, `${at.meter.left() ?? 0} left`);
    assert.ok(at.asked.length >= 2);
  });

  it('says how many requests it may take, so that they can be set aside before', async () => {
    const at = setting({ perDay: 1000, cost: 3 });
    at.tell('A', 'B', 'C', 'D', 'E');
    assert.deepEqual([...at.own.due()], [['grid', 4]]);

    await at.run(10 * MINUTE);
    const left = at.meter.left() ?? 0;
    const due = at.own.due().get('grid') ?? 0;
    await at.own.gather(AbortSignal.timeout(60_000));
    assert.ok(due === 0 || left - (at.meter.left() ?? 0) <= due);
  });

  const minutes: Record<string, { taken: number; want: number }> = {
    'asks for as many parts as a whole minute allows, and as much again': { taken: 0, want: 4 },
    'asks for fewer where reports have taken of it': { taken: 3, want: 2 },
    'asks for none where the reports may need the rest': { taken: 7, want: 0 },
  };
  for (const [name, { taken, want }] of Object.entries(minutes)) {
    it(name, async () => {
      const at = setting({ perMinute: 8 });
      at.tell('A', 'B', 'C', 'D', 'E');
      for (let i = 0; i < taken; i += 1) at.meter.take();
      assert.equal(at.own.due().get('grid') ?? 0, want);
      await at.own.gather(AbortSignal.timeout(60_000));

      assert.equal(at.asked.length, want);
      assert.ok((at.own.nextDue() ?? 0) > at.clock.now);
    });
  }

  it('asks in the end of a provider that answers once a minute', async () => {
    const at = setting({ perMinute: 1, perDay: 100 });
    at.tell('A');
    await at.run(HOUR);

    assert.deepEqual(at.tell('A'), ['own']);
  });

  it('joins a gathering that is under way', async () => {
    const at = setting();
    at.tell('DE');
    const signal = AbortSignal.timeout(60_000);
    await Promise.all([at.own.gather(signal), at.own.gather(signal)]);

    assert.equal(at.asked.length, 1);
  });

  it('stops when told to, and holds it against nobody', async () => {
    const abort = new AbortController();
    const at = setting({
      past: () => {
        abort.abort();
        throw new Error('aborted');
      },
    });
    at.tell('A', 'B');
    await at.own.gather(abort.signal);
    assert.equal(at.asked.length, 1);

    at.clock.now = instant(NOW + MINUTE);
    assert.equal(at.own.due().get('grid'), 2);
  });
});
