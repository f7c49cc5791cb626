import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { regionSteps, rowsByRegion } from '../../../../src/sources/postgres/rows.ts';
import type { Row, RowReading } from '../../../../src/sources/postgres/rows.ts';

const MINUTE = 60_000;
const NOW = instant(Date.parse('2026-03-02T12:30:00Z'));
const row = (minutes: number, value: number, more: Partial<Row> = {}): Row => ({
  region: 'DE',
  start: instant(NOW + minutes * MINUTE),
  value,
  estimated: null,
  renewable: null,
  forecast: null,
  ...more,
});
const steps = (rows: readonly Row[], more: Partial<RowReading> = {}) => {
  const { observed, forecast } = regionSteps(rows, { now: NOW, flagged: false, step: null, ...more });
  const shown = (some: typeof forecast) =>
    some.map(({ start, end, value }) => [(start - NOW) / MINUTE, (end - NOW) / MINUTE, value]);
  return { observed: shown(observed), forecast: shown(forecast) };
};

describe('regionSteps', () => {
  it('takes the future for foretold where the table does not say', () => {
    assert.deepEqual(steps([row(-60, 1), row(0, 2), row(60, 3)]), {
      observed: [
        [-60, 0, 1],
        [0, 60, 2],
      ],
      forecast: [[60, 120, 3]],
    });
  });

  it('goes by the flag where there is one, and by none for observed', () => {
    const rows = [
      row(-60, 1, { forecast: false }),
      row(-60, 5, { forecast: true }),
      row(0, 2),
      row(60, 3, { forecast: true }),
    ];
    assert.deepEqual(steps(rows, { flagged: true }), {
      observed: [
        [-60, 0, 1],
        [0, 60, 2],
      ],
      forecast: [
        [-60, 60, 5],
        [60, 180, 3],
      ],
    });
  });

  it('lets a row speak as long as it is told, and never past the next', () => {
    const rows = [row(-30, 1), row(-20, 2), row(0, 3)];
    assert.deepEqual(steps(rows, { step: millis(15 * MINUTE) }).observed, [
      [-30, -20, 1],
      [-20, -5, 2],
      [0, 15, 3],
    ]);
  });

  it('takes the usual distance for the newest, whatever is missing before', () => {
    const rows = [row(-40, 1), row(-35, 2), row(-30, 3), row(-25, 4), row(-5, 5)];
    assert.deepEqual(steps(rows).observed.at(-1), [-5, 0, 5]);
    assert.deepEqual(steps(rows).observed.at(-2), [-25, -20, 4]);
  });

  it('lets a lone row speak for an hour', () => {
    assert.deepEqual(steps([row(0, 1)]).observed, [[0, 60, 1]]);
  });

  it('takes a row that stands twice once', () => {
    assert.deepEqual(steps([row(0, 1), row(0, 1)]).observed, [[0, 60, 1]]);
  });

  it('refuses rows of one moment that disagree', () => {
    assert.throws(() => steps([row(0, 1), row(0, 2)]), {
      reason: 'malformed',
      message: /12:30:00.000Z disagree \(1, 2\)/,
    });
  });

  it('refuses what was observed in the future', () => {
    assert.deepEqual(steps([row(5, 1, { forecast: false })], { flagged: true }).observed, [[5, 65, 1]]);
    assert.throws(() => steps([row(6, 1, { forecast: false })], { flagged: true }), { reason: 'clock-skew' });
  });

  const IMPLAUSIBLE = { NaN, infinite: Infinity, negative: -1, absurd: 2000.1 };
  for (const [what, value] of Object.entries(IMPLAUSIBLE)) {
    it(`refuses a value that is ${what}, observed or foretold`, () => {
      assert.throws(() => steps([row(-60, 1), row(0, value)]), { reason: 'implausible' });
      assert.throws(() => steps([row(-60, 1), row(60, value)]), { reason: 'implausible' });
    });
  }

  it('takes the renewable share of the newest observed row', () => {
    const of = (...rows: Row[]) => regionSteps(rows, { now: NOW, flagged: false, step: null }).renewablePct;

    assert.equal(
      of(row(-60, 1, { renewable: 40 }), row(0, 1, { renewable: 41.5 }), row(60, 1, { renewable: 90 })),
      41.5,
    );
    assert.equal(of(row(-60, 1, { renewable: 40 }), row(0, 1)), null);
    assert.throws(() => of(row(0, 1, { renewable: 101 })), { reason: 'implausible' });
  });

  it('gives steps that ascend and do not overlap, each with the value of a row', () => {
    const rows = fc.uniqueArray(fc.integer({ min: -3000, max: 3000 }), { maxLength: 40 });
    fc.assert(
      fc.property(rows, (minutes) => {
        const given = minutes.map((minute) => row(minute, Math.abs(minute) % 2000));
        const { observed, forecast } = steps(given);
        assert.equal(observed.length + forecast.length, minutes.length);
        for (const list of [observed, forecast]) {
          list.forEach(([start = 0, end = 0, value], index) => {
            const next = list[index + 1]?.[0] ?? Infinity;
            assert.ok(start < end && end <= next);
            assert.equal(value, Math.abs(start) % 2000);
          });
        }
      }),
    );
  });
});

describe('rowsByRegion', () => {
  it('leaves out rows without a value', () => {
    const rows = [row(0, 1), { ...row(5, 1), value: null }, row(5, 2, { region: 'FR' })];
    assert.deepEqual(
      [...rowsByRegion(rows)].map(([name, some]) => [name, some.length]),
      [
        ['DE', 1],
        ['FR', 1],
      ],
    );
  });

  it('refuses what is not a row', () => {
    assert.throws(() => rowsByRegion([{ ...row(0, 1), region: 5 }]), { reason: 'malformed', message: /0\.region/ });
  });
});
