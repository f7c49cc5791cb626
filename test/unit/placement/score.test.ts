import assert from 'node:assert/strict';
import fc from 'fast-check';
import { region } from '../../../src/carbon/units.ts';
import type { Millis } from '../../../src/carbon/units.ts';
import { scoreRegions } from '../../../src/placement/score.ts';
import type { ScoreInput, ScoreSettings } from '../../../src/placement/score.ts';
import { grams } from '../../support/world.ts';

const WEIGHTS = { carbon: 50, cost: 20, latency: 20, availability: 10 };
const SETTINGS: ScoreSettings = { weights: WEIGHTS, tie: 0.02, latencyBudget: null };
const CARBON_ONLY: ScoreSettings = { ...SETTINGS, weights: { carbon: 1, cost: 0, latency: 0, availability: 0 } };

interface Sketch {
  intensity?: number | null;
  cost?: number | null;
  latency?: number | null;
  availability?: number | null;
}

function input(
  name: string,
  { intensity = null, cost = null, latency = null, availability = null }: Sketch,
): ScoreInput {
  return {
    region: region(name),
    intensity: intensity === null ? null : grams(intensity),
    cost,
    latency: latency as Millis | null,
    availability,
  };
}

function scores(sketches: Record<string, Sketch>, settings = SETTINGS): Record<string, number> {
  const inputs = Object.entries(sketches).map(([name, sketch]) => input(name, sketch));
  return Object.fromEntries(scoreRegions(inputs, settings).map(({ region: name, score }) => [name ?? '', score]));
}

describe('scoreRegions', () => {
  const tables: Record<string, { regions: Record<string, Sketch>; settings?: ScoreSettings; want: number[] }> = {
    'gives the cleanest 10 and a region twice as dirty half': {
      regions: { a: { intensity: 100 }, b: { intensity: 200 } },
      settings: CARBON_ONLY,
      want: [10, 5],
    },
    'gives equal inputs 10 each': { regions: { a: { intensity: 300 }, b: { intensity: 300 } }, want: [10, 10] },
    'calls a region within the tie as good as the best': {
      regions: { a: { intensity: 98 }, b: { intensity: 100 } },
      settings: CARBON_ONLY,
      want: [10, 10],
    },
    'gives a region just beyond the tie at most 9': {
      regions: { a: { intensity: 97.9 }, b: { intensity: 100 } },
      settings: CARBON_ONLY,
      want: [10, 9],
    },
    'weighs the tie on the total, not on carbon alone': {
      regions: { a: { intensity: 97, cost: 1 }, b: { intensity: 100, cost: 1 } },
      settings: { ...SETTINGS, weights: { carbon: 50, cost: 50, latency: 0, availability: 0 } },
      want: [10, 10],
    },
    'lets a cost difference larger than the carbon difference decide': {
      regions: { a: { intensity: 100, cost: 3 }, b: { intensity: 120, cost: 1 } },
      want: [9, 10],
    },
    'lets carbon decide where cost differs less': {
      regions: { a: { intensity: 100, cost: 1.1 }, b: { intensity: 200, cost: 1 } },
      want: [10, 6],
    },
    'prefers the near where all else is equal': {
      regions: { a: { intensity: 100, latency: 0 }, b: { intensity: 100, latency: 90 } },
      want: [10, 7],
    },
    'prefers the region whose nodes are up': {
      regions: { a: { intensity: 100, availability: 1 }, b: { intensity: 100, availability: 0.5 } },
      want: [10, 9],
    },
    'knows zero as the cleanest there is': {
      regions: { a: { intensity: 0 }, b: { intensity: 10 } },
      settings: CARBON_ONLY,
      want: [10, 0],
    },
    'gives all 10 where nothing is known': { regions: { a: {}, b: {} }, want: [10, 10] },
    'puts a region without data at the median of the known': {
      regions: { a: { intensity: 100 }, b: { intensity: 200 }, c: { intensity: 400 }, d: {} },
      settings: CARBON_ONLY,
      want: [10, 5, 2, 5],
    },
    'takes the mean of the middle two for an even number of known': {
      regions: { a: { intensity: 100 }, b: { intensity: 200 }, c: {} },
      settings: CARBON_ONLY,
      want: [10, 5, 7],
    },
    'never calls a region without carbon data best alone, however cheap': {
      regions: { a: { intensity: 100, cost: 9 }, b: { intensity: 110, cost: 9 }, c: { cost: 1 } },
      want: [10, 9, 10],
    },
    'measures latency against the budget where there is one': {
      regions: { a: { latency: 0 }, b: { latency: 30 } },
      settings: { weights: { carbon: 0, cost: 0, latency: 1, availability: 0 }, tie: 0, latencyBudget: 60 as Millis },
      want: [10, 5],
    },
    'calls a budget of nothing kept by no way at all': {
      regions: { a: { latency: 0 } },
      settings: { ...SETTINGS, latencyBudget: 0 as Millis },
      want: [10],
    },
  };
  for (const [sentence, { regions, settings, want }] of Object.entries(tables)) {
    it(sentence, () => {
      assert.deepEqual(Object.values(scores(regions, settings)), want);
    });
  }

  it('answers an empty list with an empty list', () => {
    assert.deepEqual(scoreRegions([], SETTINGS), []);
  });
});

const intensity = fc.option(fc.integer({ min: 0, max: 1200 }), { nil: null, freq: 5 });
const share = fc.option(
  fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
  { nil: null, freq: 5 },
);
const cost = fc.option(
  fc.integer({ min: 1, max: 60 }).map((n) => n / 20),
  { nil: null, freq: 5 },
);
const latency = fc.option(fc.integer({ min: 0, max: 300 }), { nil: null, freq: 5 });
const sketch = fc.record({ intensity, cost, latency, availability: share });
const inputs = fc
  .array(sketch, { minLength: 1, maxLength: 12 })
  .map((sketches) => sketches.map((each, index) => input(`r${index}`, each)));
const weight = fc.integer({ min: 0, max: 100 });
const settings: fc.Arbitrary<ScoreSettings> = fc
  .record({
    weights: fc.record({ carbon: weight, cost: weight, latency: weight, availability: weight }),
    tie: fc.constantFrom(0, 0.02, 0.1),
    latencyBudget: fc.constantFrom(null, 100 as Millis),
  })
  .filter(({ weights }) => Object.values(weights).some((each) => each > 0));

function scoreOf(all: readonly ScoreInput[], how: ScoreSettings, at: number): number {
  return scoreRegions(all, how)[at]?.score ?? NaN;
}

describe('scoreRegions, whatever the inputs', () => {
  it('answers whole numbers from 0 to 10, with a 10 among them', () => {
    fc.assert(
      fc.property(inputs, settings, (all, how) => {
        const found = scoreRegions(all, how).map(({ score }) => score);
        assert.ok(found.every((score) => Number.isInteger(score) && score >= 0 && score <= 10));
        assert.ok(found.includes(10));
      }),
    );
  });

  it('gives equal inputs equal scores', () => {
    fc.assert(
      fc.property(inputs, settings, sketch, (all, how, twin) => {
        const scored = scoreRegions([input('twin-1', twin), ...all, input('twin-2', twin)], how);
        assert.equal(scored[0]?.score, scored.at(-1)?.score);
      }),
    );
  });

  it('does not depend on the order of the list', () => {
    fc.assert(
      fc.property(inputs, settings, fc.nat(), (all, how, turn) => {
        const at = turn % all.length;
        const turned = [...all.slice(at), ...all.slice(0, at)].toReversed();
        const asMap = (list: readonly ScoreInput[]) =>
          new Map(scoreRegions(list, how).map(({ region: name, score }) => [name, score]));
        assert.deepEqual(new Map([...asMap(turned)].sort()), new Map([...asMap(all)].sort()));
      }),
    );
  });

  it('does not depend on the names of regions', () => {
    fc.assert(
      fc.property(inputs, settings, (all, how) => {
        const renamed = all.map((each, index) => ({ ...each, region: region(`other-${all.length - index}`) }));
        assert.deepEqual(
          scoreRegions(renamed, how).map(({ score }) => score),
          scoreRegions(all, how).map(({ score }) => score),
        );
      }),
    );
  });

  it('is free of scale in intensity', () => {
    fc.assert(
      fc.property(inputs, settings, fc.constantFrom(0.001, 0.1, 3, 7, 1000), (all, how, factor) => {
        const scaled = all.map((each) => ({
          ...each,
          intensity: each.intensity === null ? null : grams(each.intensity * factor),
        }));
        assert.deepEqual(
          scoreRegions(scaled, how).map(({ score }) => score),
          scoreRegions(all, how).map(({ score }) => score),
        );
      }),
    );
  });

  const worse: Record<string, (each: ScoreInput, by: number) => ScoreInput> = {
    'a dirtier grid': (each, by) => ({
      ...each,
      intensity: each.intensity === null ? null : grams(each.intensity + by),
    }),
    'a higher cost': (each, by) => ({ ...each, cost: each.cost === null ? null : each.cost + by / 20 }),
    'a longer way': (each, by) => ({
      ...each,
      latency: each.latency === null ? null : ((each.latency + by) as Millis),
    }),
    'fewer nodes that are up': (each, by) => ({
      ...each,
      availability: each.availability === null ? null : Math.max(0, each.availability - by / 100),
    }),
  };
  for (const [change, worsen] of Object.entries(worse)) {
    it(`never raises a region's score for ${change}`, () => {
      fc.assert(
        fc.property(inputs, settings, fc.nat(), fc.integer({ min: 1, max: 400 }), (all, how, pick, by) => {
          const at = pick % all.length;
          const changed = all.map((each, index) => (index === at ? worsen(each, by) : each));
          assert.ok(scoreOf(changed, how, at) <= scoreOf(all, how, at));
        }),
      );
    });
  }

  it('never calls a region without carbon data better than the best of the known', () => {
    fc.assert(
      fc.property(inputs, settings, (all, how) => {
        const totals = scoreRegions(all, how).map(({ total }, index) => ({ total, input: all[index] }));
        const known = totals.filter((each) => each.input?.intensity !== null);
        const unknown = totals.filter((each) => each.input?.intensity === null);
        const best = Math.max(...known.map(({ total }) => total));
        assert.ok(known.length === 0 || unknown.every(({ total }) => total <= best));
      }),
    );
  });
});
