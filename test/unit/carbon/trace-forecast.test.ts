import assert from 'node:assert/strict';
import { readingsAt } from '../../../src/carbon/trace.ts';
import type { TraceForecaster } from '../../../src/carbon/trace.ts';
import type { ForecastStep } from '../../../src/carbon/types.ts';
import { millis, zone } from '../../../src/carbon/units.ts';
import type { GramsPerKwh } from '../../../src/carbon/units.ts';
import { HOUR, MARCH_2, NOVEMBER, plus, replay, trace } from '../../support/traces.ts';

function gramsOf(value: number): GramsPerKwh {
  return value as GramsPerKwh;
}

describe('a perfect forecast', () => {
  it('gives the following steps in wall time, and leaves out those without a value', () => {
    const of = trace({ DE: [1, 2, null, 4] });
    const reading = readingsAt(replay(of, { speed: 60 }, 'perfect'), NOVEMBER).get(zone('DE'));

    assert.ok(reading?.state === 'known');
    assert.deepEqual(reading.forecast, [
      { start: NOVEMBER + 60_000, end: NOVEMBER + 120_000, value: 2 },
      { start: NOVEMBER + 180_000, end: NOVEMBER + 240_000, value: 4 },
    ]);
    assert.equal(reading.forecast, reading.forecast, 'made once');
  });

  it('looks seven days of the trace ahead', () => {
    const of = trace({ DE: Array.from({ length: 400 }, (_, i) => i) });
    const reading = readingsAt(replay(of, {}, 'perfect'), NOVEMBER).get(zone('DE'));

    assert.ok(reading?.state === 'known');
    assert.equal(reading.forecast.length, 168);
    assert.equal(reading.forecast.at(-1)?.end, NOVEMBER + 169 * HOUR);
  });

  it('leaves out steps that pass within a millisecond', () => {
    const minutes = { ...trace({ DE: [1, 2, 3, 4] }), step: millis(60_000) };
    const reading = readingsAt(replay(minutes, { speed: 100_000 }, 'perfect'), NOVEMBER).get(zone('DE'));

    assert.ok(reading?.state === 'known');
    assert.deepEqual(reading.forecast, [
      { start: NOVEMBER + 1, end: NOVEMBER + 2, value: 2 },
      { start: NOVEMBER + 2, end: NOVEMBER + 3, value: 4 },
    ]);
  });
});

describe('a forecast of another making', () => {
  const of = trace({ DE: [1, 2, 3, 4] });
  const foretold = (steps: ForecastStep[] | null) => {
    const asked: number[] = [];
    const forecaster: TraceForecaster = {
      following: (_column, step) => {
        asked.push(step);
        return steps;
      },
    };
    const reading = readingsAt(replay(of, { speed: 60 }, forecaster), plus(NOVEMBER, 60_000)).get(zone('DE'));
    assert.ok(reading?.state === 'known');
    return { reading, asked };
  };
  const step = { start: plus(MARCH_2, 2 * HOUR), end: plus(MARCH_2, 3 * HOUR), value: gramsOf(7) };

  it('is laid on the wall clock with its interval', () => {
    const { reading } = foretold([{ ...step, low: gramsOf(5), high: gramsOf(9) }]);

    assert.deepEqual(reading.forecast, [
      { start: NOVEMBER + 120_000, end: NOVEMBER + 180_000, value: 7, low: 5, high: 9 },
    ]);
    assert.equal(reading.forecastBy, 'own');
  });

  it('is asked for when somebody looks, once, of the step that is running', () => {
    const { reading, asked } = foretold([step]);
    assert.deepEqual(asked, []);

    assert.equal(reading.forecast, reading.forecast);
    assert.equal(reading.forecastBy, 'own');
    assert.deepEqual(asked, [1]);
  });

  it('is none, of nobody, where too little is over', () => {
    const { reading } = foretold(null);

    assert.deepEqual([reading.forecast, reading.forecastBy], [[], null]);
  });
});
