import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { blockedUntil } from '../../../../src/timing/plan/full-slots.ts';
import { meanBetween, valueAt } from '../../../../src/timing/plan/outlook.ts';
import type { Plan, PlannedRun, PlanRegion, Situation } from '../../../../src/timing/plan/types.ts';
import { window } from '../../../../src/timing/plan/window.ts';
import { hours, minutes } from '../../../support/hold.ts';
import { later, regularSituations, situations, someFull } from '../../../support/plan-situations.ts';

/** What is as good as the best by the strategy's own word, and what rounding adds. */
const NEAR = 1 + 1.01e-4;
const ROUNDING = 1e-6;

function lengthOf({ remaining }: Situation): number {
  return remaining.state === 'unknown' ? NaN : remaining.value;
}

function runOf(plan: Plan): PlannedRun {
  const [run] = plan.runs;
  assert.ok(run !== undefined);
  return run;
}

function placeOf(asked: Situation, run: PlannedRun): PlanRegion {
  const place = asked.regions.find(({ region }) => region === run.region);
  assert.ok(place !== undefined);
  return place;
}

function meanOf(asked: Situation, place: PlanRegion, start: number): number {
  assert.ok(place.outlook !== null);
  return meanBetween(place.outlook, instant(start), instant(start + lengthOf(asked)));
}

function costOf(asked: Situation, place: PlanRegion, start: number): number {
  return meanOf(asked, place, start) + (asked.rules.price * (start - asked.now)) / hours(1);
}

function hasRoom(asked: Situation, { full }: PlanRegion, start: number): boolean {
  return full === null || blockedUntil(full, start, start + lengthOf(asked)) === -Infinity;
}

/** Every moment of a grid of five minutes, and the last. */
function* gridOf({ now, waitLeft }: Situation): Generator<number> {
  for (let start: number = now; start < now + waitLeft; start += minutes(5)) yield start;
  yield now + waitLeft;
}

function priced(asked: Situation, price: number): Situation {
  return { ...asked, rules: { ...asked.rules, price } };
}

const price = fc.constantFrom(0, 0, 1, 10, 50);
const anyFull = fc.option(someFull);

describe('window: what always holds of work alone, with no least gain', () => {
  it('never starts before now or after it may wait, nor where it is not permitted', () => {
    fc.assert(
      fc.property(situations({ full: anyFull }), price, (asked, each) => {
        const plan = window(priced(asked, each));
        if (plan.runs.length === 0) return;

        const run = runOf(plan);

        placeOf(asked, run);
        assert.ok(run.start >= asked.now && run.start <= asked.now + asked.waitLeft);
        assert.equal(plan.act, run.start === asked.now ? 'run' : 'wait');
      }),
    );
  });

  it('finds no dearer start than any of a fine grid', () => {
    fc.assert(
      fc.property(situations({ full: anyFull }), price, (sketch, each) => {
        const asked = priced(sketch, each);
        let least = Infinity;
        for (const start of gridOf(asked)) {
          for (const place of asked.regions) {
            if (hasRoom(asked, place, start)) least = Math.min(least, costOf(asked, place, start));
          }
        }

        const plan = window(asked);

        if (plan.runs.length === 0) assert.equal(least, Infinity);
        else {
          const run = runOf(plan);
          const own = costOf(asked, placeOf(asked, run), run.start);
          assert.ok(own <= least * NEAR + ROUNDING, `${own} above ${least}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('expects what its outlook says of the run', () => {
    fc.assert(
      fc.property(situations(), price, (asked, each) => {
        const plan = window(priced(asked, each));

        const run = runOf(plan);
        assert.ok(Math.abs((plan.mean ?? NaN) - meanOf(asked, placeOf(asked, run), run.start)) < ROUNDING);
        const now = Math.min(...asked.regions.map((each) => meanOf(asked, each, asked.now)));
        assert.ok(Math.abs((plan.meanNow ?? NaN) - now) < ROUNDING);
      }),
    );
  });

  it('never emits more with more time', () => {
    fc.assert(
      fc.property(situations(), fc.integer({ min: 0, max: 720 }), (asked, less) => {
        const waitLeft = millis(Math.max(0, asked.waitLeft - minutes(less)));

        const [long, short] = [window(asked), window({ ...asked, waitLeft })];

        assert.ok((long.mean ?? NaN) <= (short.mean ?? NaN) * NEAR + ROUNDING);
      }),
    );
  });

  it('starts at once where all hours and regions are alike', () => {
    fc.assert(
      fc.property(situations(), fc.double({ min: 0, max: 900, noNaN: true }), price, (asked, level, each) => {
        for (const { outlook } of asked.regions) outlook?.values.fill(level);
        const alike = asked.regions.map((place) => {
          assert.ok(place.outlook !== null);
          const { edges } = place.outlook;
          return {
            ...place,
            outlook: { ...place.outlook, sums: edges.map((edge) => (edge - (edges[0] ?? 0)) * level) },
          };
        });

        const run = runOf(window(priced({ ...asked, regions: alike }, each)));

        assert.deepEqual([run.start, run.region], [asked.now, asked.regions[0]?.region]);
      }),
    );
  });

  it('waits no longer at a higher price, but between near-equals', () => {
    const cost = (asked: Situation, run: PlannedRun): number => costOf(asked, placeOf(asked, run), run.start);
    fc.assert(
      fc.property(
        situations(),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        (asked, low, more) => {
          const cheap = runOf(window(priced(asked, low)));
          const dear = runOf(window(priced(asked, low + more)));

          const [own, other] = [cost(priced(asked, low), cheap), cost(priced(asked, low), dear)];
          assert.ok(dear.start <= cheap.start || other <= own * NEAR * NEAR + ROUNDING);
        },
      ),
    );
  });
});

describe('window: deciding again', () => {
  it('starts when it planned to, as long as it expects the same', () => {
    fc.assert(
      fc.property(situations({ full: anyFull }), price, (sketch, each) => {
        const asked = priced(sketch, each);
        const [planned] = window(asked).runs;
        if (planned === undefined || planned.start >= asked.now + asked.waitLeft) return;

        const again = window(later(asked, planned.start));

        assert.equal(again.act, 'run');
      }),
      { numRuns: 300 },
    );
  });

  it('starts no earlier at a step before that', () => {
    fc.assert(
      fc.property(regularSituations, price, (sketch, each) => {
        const asked = priced(sketch, each);
        const planned = runOf(window(asked));
        const edges = Array.from(asked.regions[0]?.outlook?.edges ?? []);
        for (const edge of edges.filter((moment) => moment > asked.now && moment < planned.start)) {
          const again = window(later(asked, edge));
          assert.equal(runOf(again).start, planned.start);
        }
      }),
    );
  });
});

describe('window: a spike ahead', () => {
  it('is not run into by work that can finish before it or begin after it', () => {
    const spike = fc.record({ begins: fc.integer({ min: 1, max: 5 }), lasts: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(regularSituations, spike, fc.integer({ min: 1, max: 480 }), (asked, { begins, lasts }, length) => {
        const [first] = asked.regions;
        assert.ok(first?.outlook);
        const { edges, values, step } = first.outlook;
        const [from, to] = [asked.now + hours(begins), asked.now + hours(begins + lasts)].map((each) =>
          Math.ceil((each - (edges[0] ?? 0)) / step),
        );
        const spiked = values.map((_, index) => (index >= (from ?? NaN) && index < (to ?? NaN) ? 900 : 200));
        const sums = edges.map((_, index) => spiked.slice(0, index).reduce((sum, each) => sum + each * step, 0));
        const regions = [{ ...first, outlook: { ...first.outlook, values: spiked, sums } }];
        const waitLeft = millis((edges[to ?? NaN] ?? NaN) - asked.now + minutes(1));

        const run = runOf(
          window({ ...asked, regions, waitLeft, remaining: { state: 'known', value: minutes(length) } }),
        );

        const finishes = asked.now + minutes(length) <= (edges[from ?? NaN] ?? NaN);
        assert.equal(run.start, finishes ? asked.now : edges[to ?? NaN]);
        assert.equal(valueAt(regions[0]?.outlook ?? assert.fail(), run.start), 200);
      }),
    );
  });
});

describe('window: moving', () => {
  it('is chosen only where it saves more than it emits', () => {
    const transfer = fc.double({ min: 0.001, max: 2, noNaN: true });
    const moveBelow = fc.option(fc.double({ min: 0.1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(situations({ full: anyFull }), transfer, moveBelow, (asked, share, below) => {
        const home = asked.regions[0];
        assert.ok(home?.outlook);
        const rules = { ...asked.rules, moveBelow: below };
        const plan = window({ ...asked, home: home.region, transfer: share, rules });
        const [run] = plan.runs;
        const place = run === undefined ? home : placeOf(asked, run);
        if (run === undefined || place === home || place.outlook === null) return;

        const moving = (share * (valueAt(home.outlook, run.start) + valueAt(place.outlook, run.start))) / 2;
        const mean = meanOf(asked, place, run.start);

        assert.ok(Math.abs((plan.mean ?? NaN) - mean - moving) < ROUNDING);
        assert.ok(below === null || mean < below * meanOf(asked, home, run.start) + ROUNDING);
        for (const start of gridOf(asked)) {
          if (hasRoom(asked, home, start)) assert.ok(mean + moving <= meanOf(asked, home, start) * NEAR + ROUNDING);
        }
      }),
    );
  });
});

describe('window: capacity', () => {
  it('never plans into a full slot', () => {
    fc.assert(
      fc.property(situations({ full: someFull }), price, (asked, each) => {
        const [run] = window(priced(asked, each)).runs;

        assert.ok(run === undefined || hasRoom(asked, placeOf(asked, run), run.start));
      }),
    );
  });
});
