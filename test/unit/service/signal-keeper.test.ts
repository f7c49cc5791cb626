import assert from 'node:assert/strict';
import type { Signal } from '../../../src/carbon/types.ts';
import { instant, zone } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { SignalKeeper } from '../../../src/service/signal-keeper.ts';
import type { SourceOf } from '../../../src/service/signal-keeper.ts';
import { known, NOW, policy } from '../../support/world.ts';
import type { Reading } from '../../../src/carbon/types.ts';

const IE = zone('IE');

/** A source that is `value` until `turn`, and `value + 1` from then on. */
function turning(value: number, turn: number): SourceOf {
  return () => ({
    readingsAt: (now) => new Map([[IE, known(now < turn ? value : value + 1)]]),
    nextChange: (now) => (now < turn ? instant(turn) : null),
  });
}

function steady(readings: readonly (readonly [string, Reading])[]): SourceOf {
  return () => ({
    readingsAt: () => new Map(readings.map(([name, each]) => [zone(name), each])),
    nextChange: () => null,
  });
}

function keeperOf(sources: readonly SourceOf[]) {
  const swaps: Signal[] = [];
  const clock = { time: NOW as number, now: (): Instant => instant(clock.time), monotonic: () => 0 };
  const keeper = new SignalKeeper({ clock, sources, policy: policy(), onSwap: (signal) => swaps.push(signal) });
  return { keeper, clock, swaps };
}

function valueIn(signal: Signal, name = IE): number | string {
  const reading = signal.zones.get(name);
  if (reading === undefined) return 'nothing';
  return reading.state === 'known' ? reading.value : reading.reason;
}

describe('SignalKeeper', () => {
  it('swaps the Signal whole at the very moment of a boundary, not a millisecond before', () => {
    const { keeper, clock, swaps } = keeperOf([turning(100, NOW + 60_000)]);
    const first = keeper.current();

    clock.time = NOW + 59_999;
    assert.equal(keeper.current(), first);

    clock.time = NOW + 60_000;
    const second = keeper.current();
    assert.notEqual(second, first);
    assert.equal(valueIn(second), 101);
    assert.equal(valueIn(first), 100);
    assert.deepEqual(
      swaps.map(({ generation }) => generation),
      [1, 2],
    );
    keeper.close();
  });

  it('gives the same Signal while nothing changes', () => {
    const { keeper, clock } = keeperOf([steady([['IE', known(5)]])]);
    const first = keeper.current();

    clock.time += 86_400_000;

    assert.equal(keeper.current(), first);
    keeper.close();
  });

  it('lets the first source that knows a zone speak for it, and keeps the first reason where none does', () => {
    const { keeper } = keeperOf([
      steady([
        ['IE', { state: 'unknown', reason: 'trace-ended' }],
        ['DE', known(1)],
        ['FR', { state: 'unknown', reason: 'no-value' }],
      ]),
      steady([
        ['IE', known(2)],
        ['DE', known(3)],
        ['FR', { state: 'unknown', reason: 'trace-ended' }],
      ]),
    ]);

    const signal = keeper.current();

    assert.equal(valueIn(signal), 2);
    assert.equal(valueIn(signal, zone('DE')), 1);
    assert.equal(valueIn(signal, zone('FR')), 'no-value');
    assert.equal(valueIn(signal, zone('PL')), 'nothing');
    keeper.close();
  });

  it('lets a value that decisions can rank by speak before one of another kind', () => {
    const { keeper } = keeperOf([
      steady([
        ['IE', known(1, { kind: 'marginal' })],
        ['DE', known(2, { kind: 'marginal' })],
      ]),
      steady([['IE', known(3)]]),
    ]);

    assert.equal(valueIn(keeper.current()), 3);
    assert.equal(valueIn(keeper.current(), zone('DE')), 2);
    keeper.close();
  });

  it('asks its sources anew for another policy', () => {
    const { keeper, swaps } = keeperOf([
      ({ regions }) => ({ readingsAt: () => new Map([[IE, known(regions.size)]]), nextChange: () => null }),
    ]);
    assert.equal(valueIn(keeper.current()), 3);

    keeper.usePolicy(policy({ regions: { 'eu-west-1': {} } }));

    assert.equal(valueIn(keeper.current()), 1);
    assert.equal(swaps.length, 2);
    keeper.close();
  });

  it('keeps the Signal, and tells nobody, where a source hears what it knew already', () => {
    const { keeper, swaps } = keeperOf([steady([['IE', known(5)]])]);
    const first = keeper.current();

    keeper.refresh();

    assert.equal(keeper.current(), first);
    assert.equal(swaps.length, 1);
    keeper.close();
  });

  it('waits for a new boundary though nothing else has changed', () => {
    let boundary = NOW + 60_000;
    const { keeper, clock } = keeperOf([
      () => ({
        readingsAt: (now) => new Map([[IE, known(now < boundary ? 1 : 2)]]),
        nextChange: (now) => (now < boundary ? instant(boundary) : null),
      }),
    ]);

    boundary = NOW + 30_000;
    keeper.refresh();
    clock.time = NOW + 30_000;

    assert.equal(valueIn(keeper.current()), 2);
    keeper.close();
  });

  it('swaps at a boundary though it looks the same, so that its time is never behind', () => {
    const { keeper, clock } = keeperOf([
      () => ({
        readingsAt: () => new Map([[IE, known(1)]]),
        nextChange: (now) => instant(now < NOW + 5 ? NOW + 5 : NOW + 9),
      }),
    ]);

    clock.time = NOW + 6;
    keeper.refresh();

    assert.equal(keeper.current().at, NOW + 6);
    keeper.close();
  });

  it('swaps by its own timer where nobody asks', async () => {
    const swapped = Promise.withResolvers<Signal>();
    const clock = { now: () => instant(Date.now()), monotonic: () => 0 };
    const keeper = new SignalKeeper({
      clock,
      sources: [turning(7, Date.now() + 30)],
      policy: policy(),
      onSwap: (signal) => {
        if (signal.generation === 2) swapped.resolve(signal);
      },
    });

    assert.equal(valueIn(await swapped.promise), 8);
    keeper.close();
  });
});

describe('SignalKeeper.ranksBy', () => {
  const marginal = (value: number): Reading => known(value, { kind: 'marginal', factor: 'direct' });
  const [here, there] = ['HERE', 'THERE'];
  const regions = { here: {}, there: {} };
  const cases: Record<string, { kindSwitch: 'refuse' | 'allow'; readings: [string, Reading][]; by: string }> = {
    'stays with what the policy wants where the switch is refused': {
      kindSwitch: 'refuse',
      readings: [[here, marginal(1)]],
      by: 'average lifecycle',
    },
    'switches for all zones where none has the wanted kind': {
      kindSwitch: 'allow',
      readings: [
        [here, marginal(1)],
        [there, marginal(2)],
      ],
      by: 'marginal direct',
    },
    'stays while one zone has the wanted kind': {
      kindSwitch: 'allow',
      readings: [
        [here, marginal(1)],
        [there, known(2)],
      ],
      by: 'average lifecycle',
    },
    'counts no zone that the policy does not know': {
      kindSwitch: 'allow',
      readings: [
        [here, marginal(1)],
        ['ELSEWHERE', known(2)],
      ],
      by: 'marginal direct',
    },
    'counts nothing that a sandbox made up': {
      kindSwitch: 'allow',
      readings: [
        [here, marginal(1)],
        [there, known(2, { quality: 'sandbox' })],
      ],
      by: 'marginal direct',
    },
  };
  for (const [behaviour, { kindSwitch, readings, by }] of Object.entries(cases)) {
    it(behaviour, () => {
      const swaps: Signal[] = [];
      const clock = { now: () => NOW, monotonic: () => 0 };
      const scheduler = { kindSwitch };
      const keeper = new SignalKeeper({
        clock,
        sources: [steady(readings)],
        policy: policy({ regions, scheduler }),
        onSwap: (signal) => swaps.push(signal),
      });
      const { ranksBy } = keeper.current();
      keeper.close();

      assert.equal(`${ranksBy.kind} ${ranksBy.factor}`, by);
    });
  }

  it('takes what a source has heard at once, and nothing after it is closed', () => {
    let value = 1;
    const { keeper, swaps } = keeperOf([
      () => ({ readingsAt: () => new Map([[IE, known(value)]]), nextChange: () => null }),
    ]);
    value = 2;
    keeper.refresh();
    keeper.close();
    keeper.refresh();

    assert.deepEqual(
      swaps.map((signal) => valueIn(signal)),
      [1, 2],
    );
  });
});
