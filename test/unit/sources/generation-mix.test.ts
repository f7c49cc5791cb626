import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../../src/carbon/units.ts';
import { LIFECYCLE_GRAMS } from '../../../src/sources/emission-factors.ts';
import type { Fuel } from '../../../src/sources/emission-factors.ts';
import { ProviderFailure } from '../../../src/sources/failure.ts';
import { mixSteps } from '../../../src/sources/generation-mix.ts';
import type { Generation } from '../../../src/sources/generation-mix.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-01-05T12:00:00Z');
const FUELS = Object.keys(LIFECYCLE_GRAMS) as Fuel[];

function made(type: string, fuel: Fuel, amount: number | null, { at = 0, minutes = 60 } = {}): Generation {
  const start = NOON + at * 60_000;
  return { type, fuel, start: instant(start), end: instant(start + minutes * 60_000), amount };
}

function shown(generation: readonly Generation[]) {
  return mixSteps(generation).map(({ start, end, value }) => [(start - NOON) / 60_000, (end - NOON) / 60_000, value]);
}

describe('mixSteps', () => {
  it('weighs the factors of fuels by what they generate', () => {
    const [step] = mixSteps([made('a', 'coal', 300), made('b', 'wind', 600), made('c', 'nuclear', 100)]);
    assert.ok(step);
    assert.equal(step.value, (300 * 1001 + 600 * 12 + 100 * 16) / 1000);
    assert.equal(step.renewablePct, 60);
  });

  it('leaves out a step in which a type has no value that has one in a step before', () => {
    const coal = [made('a', 'coal', 300)];
    const wind = [made('b', 'wind', 600), made('b', 'wind', 600, { at: 60 })];
    assert.equal(shown([...coal, ...wind]).length, 1);
    assert.equal(shown(wind).length, 2);
  });

  it('leaves out a step in which a type has no value that has one in a step after', () => {
    const generation = [made('b', 'wind', 600), made('b', 'wind', 600, { at: 60 }), made('a', 'coal', 300, { at: 60 })];
    assert.deepEqual(
      shown(generation).map(([from]) => from),
      [60],
    );
  });

  it('leaves out a step in which a type is null', () => {
    assert.deepEqual(shown([made('a', 'coal', null), made('b', 'wind', 600)]), []);
  });

  it('does not wait for a type that has not been heard of for days', () => {
    const generation = [made('a', 'coal', 300), made('b', 'wind', 600, { at: (2 * DAY) / 60_000 })];
    assert.equal(shown(generation).length, 2);
    const sooner = [made('a', 'coal', 300), made('b', 'wind', 600, { at: DAY / 60_000 })];
    assert.equal(shown(sooner).length, 0);
  });

  it('tells types of one fuel apart: onshore wind does not stand for offshore wind', () => {
    const generation = [
      made('onshore', 'wind', 1, { at: 60 }),
      made('onshore', 'wind', 1),
      made('offshore', 'wind', 1),
      made('gas', 'gas', 1),
      made('gas', 'gas', 1, { at: 60 }),
    ];
    assert.deepEqual(
      shown(generation).map(([from]) => from),
      [0],
    );
  });

  it('counts negative generation as none', () => {
    assert.deepEqual(shown([made('a', 'coal', -50), made('b', 'wind', 600)]), [[0, 60, 12]]);
  });

  it('has no value where nothing is generated', () => {
    assert.deepEqual(shown([made('a', 'coal', 0), made('b', 'wind', -5)]), []);
    assert.deepEqual(shown([]), []);
  });

  it('averages what is finer than the coarsest type, if it is whole', () => {
    const quarters = [0, 15, 30, 45].map((at) => made('b', 'wind', at, { at, minutes: 15 }));
    assert.deepEqual(shown([made('a', 'coal', 22.5), ...quarters]), [[0, 60, (1001 + 12) / 2]]);
    assert.deepEqual(shown([made('a', 'coal', 22.5), ...quarters.slice(1)]), []);
  });

  it('knows nothing of a step that is given twice and differently', () => {
    const wind = made('b', 'wind', 600);
    assert.deepEqual(shown([made('a', 'coal', 1), made('a', 'coal', 2), wind]), []);
    assert.equal(shown([made('a', 'coal', 1), made('a', 'coal', 1), wind]).length, 1);
  });

  it('refuses an amount that no zone generates', () => {
    assert.throws(
      () => mixSteps([made('a', 'coal', 3e7)]),
      (error) => error instanceof ProviderFailure && error.reason === 'implausible',
    );
  });

  const amount = fc.double({ min: 0.001, max: 100_000, noNaN: true });
  const mix = fc.uniqueArray(fc.tuple(fc.constantFrom(...FUELS), amount), { minLength: 1, selector: ([fuel]) => fuel });

  it('lies between the factors of the fuels that are in it', () => {
    fc.assert(
      fc.property(mix, (parts) => {
        const factors = parts.map(([fuel]) => LIFECYCLE_GRAMS[fuel]);
        const [step] = mixSteps(parts.map(([fuel, mw]) => made(fuel, fuel, mw)));
        assert.ok(step);
        assert.ok(step.value >= Math.min(...factors) - 1e-9 && step.value <= Math.max(...factors) + 1e-9);
        assert.ok(step.renewablePct >= 0 && step.renewablePct <= 100);
      }),
    );
  });

  it('asks neither for the order of what is generated nor for its unit', () => {
    fc.assert(
      fc.property(mix, (parts) => {
        const generation = parts.map(([fuel, mw]) => made(fuel, fuel, mw));
        const other = generation.toReversed().map((one) => ({ ...one, amount: (one.amount ?? 0) * 2 }));
        const [a, b] = [mixSteps(generation)[0], mixSteps(other)[0]];
        assert.ok(a && b && Math.abs(a.value - b.value) < 1e-6);
      }),
    );
  });

  it('never gets cleaner where a value goes missing', () => {
    const hours = fc.array(fc.record({ coal: amount, wind: amount, drop: fc.boolean() }), {
      minLength: 2,
      maxLength: 24,
    });
    fc.assert(
      fc.property(hours, (steps) => {
        const whole = steps.flatMap(({ coal, wind }, hour) => [
          made('a', 'coal', coal, { at: hour * 60 }),
          made('b', 'wind', wind, { at: hour * 60 }),
        ]);
        const holed = whole.filter(({ type }, index) => type !== 'a' || steps[index >> 1]?.drop === false);
        fc.pre(holed.some(({ type }) => type === 'a'));
        const truth = new Map(mixSteps(whole).map(({ start, value }) => [start, value]));
        for (const { start, value } of mixSteps(holed)) assert.equal(value, truth.get(start));
      }),
    );
  });
});
