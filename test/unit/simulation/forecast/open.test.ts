import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../../src/carbon/units.ts';
import { openForecast } from '../../../../src/simulation/forecast/open.ts';
import { parseForecast } from '../../../../src/simulation/forecast/spec.ts';
import type { ForecastModel, IntensityTable } from '../../../../src/simulation/types.ts';
import type { Outlook } from '../../../../src/timing/plan/outlook.ts';
import { syntheticGrid } from '../../../support/synthetic-grid.ts';
import { truthOf } from '../../../support/truth.ts';

const HOUR = 3_600_000;
const first = syntheticGrid({ days: 40 }).values;
const second = syntheticGrid({ days: 40, seed: 2 }).values;
const truth = truthOf({ north: first, south: second });

interface Asked {
  readonly truth?: IntensityTable;
  readonly nowcast?: boolean;
  readonly seed?: number;
  readonly reachHours?: number;
  readonly file?: IntensityTable;
  readonly raw?: boolean;
}

function open(text: string, { reachHours = 48, ...asked }: Asked = {}): ForecastModel {
  const spec = parseForecast(text);
  assert.ok(spec !== null);
  return openForecast(spec, { truth, nowcast: true, seed: 0, reach: millis(reachHours * HOUR), ...asked });
}

function outlookAt(model: ForecastModel, slot: number, index = 0): Outlook {
  const outlook = model.outlooksAt(slot)[index] ?? null;
  assert.ok(outlook !== null);
  return outlook;
}

describe('openForecast', () => {
  const kinds = ['perfect', 'none', 'persistence', 'rolling', 'noise:5%'];

  for (const kind of kinds) {
    it(`names ${kind} as it was asked for`, () => {
      assert.equal(open(kind).kind, kind);
    });
  }

  for (const kind of kinds.filter((name) => name !== 'none')) {
    it(`gives outlooks of ${kind} that are whole in themselves`, () => {
      for (const slot of [1, 30, 500, 950]) {
        const { edges, values, sums, step } = outlookAt(open(kind), slot, 1);

        assert.equal(edges.length, values.length + 1);
        assert.equal(sums.length, edges.length);
        assert.ok((edges[0] ?? NaN) <= truth.start + slot * HOUR);
        assert.equal(step, HOUR);
        const total = values.reduce((sum, value) => sum + value * HOUR, 0);
        assert.ok(Math.abs((sums.at(-1) ?? NaN) - total) < 1e-9 * total);
        assert.ok(values.every((value) => value >= 0));
      }
    });
  }

  for (const kind of ['rolling', 'persistence']) {
    it(`reaches as far as it is to with ${kind}, beyond the table's end too`, () => {
      const { edges } = outlookAt(open(kind, { reachHours: 100.5 }), 950);

      assert.equal(edges[0], truth.start + 950 * HOUR);
      assert.ok((edges.at(-1) ?? NaN) >= truth.start + 1051 * HOUR);
    });

    for (const nowcast of [true, false]) {
      it(`never knows of the future with ${kind}, ${nowcast ? 'with' : 'without'} the nowcast`, () => {
        const whole = open(kind, { nowcast });
        fc.assert(
          fc.property(
            fc.integer({ min: 1, max: 958 }),
            fc.double({ min: 0, max: 2000, noNaN: true }),
            (slot, value) => {
              const from = slot + (nowcast ? 1 : 0);
              const other = truthOf({ north: first.map((kept, i) => (i >= from ? value : kept)), south: second });
              const model = open(kind, { truth: other, nowcast });

              assert.deepEqual(model.outlooksAt(slot), whole.outlooksAt(slot));
              assert.deepEqual(model.seenAt(slot), whole.seenAt(slot));
            },
          ),
          { numRuns: 25 },
        );
      });
    }

    it(`has no outlook of ${kind} before anything is known`, () => {
      assert.deepEqual(open(kind, { nowcast: false }).outlooksAt(0), [null, null]);
      assert.notEqual(open(kind).outlooksAt(0)[0], null);
    });

    it(`takes the slot at hand as it is with ${kind} and the nowcast, and foretells it without`, () => {
      assert.equal(outlookAt(open(kind), 500).values[0], first[500]);
      assert.notEqual(outlookAt(open(kind, { nowcast: false }), 500).values[0], first[500]);
    });
  }

  for (const kind of ['perfect', 'noise:5%', 'none']) {
    it(`has the same outlooks at every slot with ${kind}`, () => {
      const model = open(kind);

      assert.equal(model.outlooksAt(3), model.outlooksAt(700));
    });
  }

  it('throws where the table of the file is not given', () => {
    assert.throws(() => open('file:f.csv'), /the table of f\.csv is not given/);
  });
});

describe('seenAt', () => {
  for (const kind of ['perfect', 'none', 'persistence', 'rolling']) {
    it(`is the slot's value with the nowcast, else that of the last that ended, with ${kind}`, () => {
      assert.deepEqual([...open(kind).seenAt(7)], [first[7], second[7]]);
      assert.deepEqual([...open(kind, { nowcast: false }).seenAt(7)], [first[6], second[6]]);
      assert.deepEqual([...open(kind, { nowcast: false }).seenAt(0)], [NaN, NaN]);
    });
  }
});

describe('the perfect forecast', () => {
  it('is the truth', () => {
    const { values, edges, toldUntil } = outlookAt(open('perfect'), 0, 1);

    assert.deepEqual(values, second);
    assert.equal(edges[0], truth.start);
    assert.equal(toldUntil, truth.start + 960 * HOUR);
  });
});

describe('persistence', () => {
  it('repeats the last day that is known', () => {
    const [seen, unseen] = [
      outlookAt(open('persistence'), 100),
      outlookAt(open('persistence', { nowcast: false }), 100),
    ];

    assert.deepEqual([...seen.values.slice(0, 26)], [...first.slice(100, 101), ...first.slice(77, 101), first[77]]);
    assert.deepEqual([...unseen.values.slice(0, 25)], [...first.slice(76, 100), first[76]]);
  });

  it('repeats the last value before a day is known', () => {
    const { values } = outlookAt(open('persistence'), 22);

    assert.ok(values.every((value) => value === first[22]));
    assert.equal(outlookAt(open('persistence'), 23).values[1], first[0]);
  });
});

describe('the rolling forecast', () => {
  it('repeats the last day before two are known', () => {
    assert.deepEqual(outlookAt(open('rolling'), 40), outlookAt(open('persistence'), 40));
    assert.notDeepEqual(outlookAt(open('rolling'), 47), outlookAt(open('persistence'), 47));
  });

  it('is nearer to the truth than persistence', () => {
    const miss = (kind: string): number => {
      const model = open(kind);
      let sum = 0;
      for (let slot = 480; slot < 900; slot += 7) {
        outlookAt(model, slot).values.forEach((value, i) => (sum += Math.abs(value - (first[slot + i] ?? value))));
      }
      return sum;
    };

    assert.ok(miss('rolling') < 0.85 * miss('persistence'));
  });

  it('says how far it is more than a repetition', () => {
    const model = open('rolling', { reachHours: 20 * 24, nowcast: false });

    assert.equal(outlookAt(model, 500).toldUntil, truth.start + (500 + 14 * 24) * HOUR);
  });
});

describe('noise', () => {
  const spread = (told: Float64Array): number =>
    Math.sqrt(told.reduce((sum, value, i) => sum + (value - (first[i] ?? NaN)) ** 2, 0) / told.length);
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;

  it('is as large as it is to be, of each region its own', () => {
    const model = open('noise:5%', { raw: true });
    const { values } = outlookAt(model, 0);

    assert.ok(Math.abs(spread(values) / (0.05 * mean) - 1) < 0.1);
    assert.notEqual((outlookAt(model, 0, 1).values[0] ?? 0) - (second[0] ?? 0), (values[0] ?? 0) - (first[0] ?? 0));
  });

  it('is smoothed away as far as it can be', () => {
    const [raw, smooth] = [open('noise:10%', { raw: true }), open('noise:10%')];

    assert.ok(spread(outlookAt(smooth, 0).values) < 0.75 * spread(outlookAt(raw, 0).values));
  });

  it('differs by seed, not from run to run', () => {
    assert.deepEqual(outlookAt(open('noise:5%'), 0), outlookAt(open('noise:5%'), 0));
    assert.notDeepEqual(outlookAt(open('noise:5%'), 0), outlookAt(open('noise:5%', { seed: 1 }), 0));
  });

  it('does not change where another region is added', () => {
    const alone = truthOf({ south: second });

    assert.deepEqual(outlookAt(open('noise:5%', { truth: alone }), 0), outlookAt(open('noise:5%'), 0, 1));
  });

  it('is in what is seen of the present, not in what has ended', () => {
    const model = open('noise:5%');

    assert.deepEqual([...model.seenAt(9)], [outlookAt(model, 9).values[9], outlookAt(model, 9, 1).values[9]]);
    assert.deepEqual([...open('noise:5%', { nowcast: false }).seenAt(9)], [first[8], second[8]]);
  });

  it('is the truth where there is none', () => {
    assert.deepEqual(outlookAt(open('noise:0%'), 0).values, first);
  });
});

describe('a forecast from a file', () => {
  const told = truthOf({ south: second.slice(0, 100).map((value) => value + 1), east: second }, 2);
  const model = open('file:f.csv', { file: told });

  it('is what the table says, at its own steps', () => {
    const { values, step, toldUntil } = outlookAt(model, 5, 1);

    assert.deepEqual(values, told.columns[0]);
    assert.equal(step, 2 * HOUR);
    assert.equal(toldUntil, told.start + 200 * HOUR);
  });

  it('is none of a region that it lacks, and none once it has ended or before it began', () => {
    assert.equal(model.outlooksAt(5)[0], null);
    assert.notEqual(model.outlooksAt(199)[1], null);
    assert.equal(model.outlooksAt(200)[1], null);
    const later = { ...told, start: (told.start + HOUR) as typeof told.start };
    assert.equal(open('file:f.csv', { file: later }).outlooksAt(0)[1], null);
  });

  it('sees the truth of the present', () => {
    assert.deepEqual([...model.seenAt(7)], [first[7], second[7]]);
  });
});
