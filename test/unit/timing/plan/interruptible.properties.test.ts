import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis, region } from '../../../../src/carbon/units.ts';
import { interruptible } from '../../../../src/timing/plan/interruptible.ts';
import { meanBetween } from '../../../../src/timing/plan/outlook.ts';
import { planWork } from '../../../../src/timing/plan/plan.ts';
import type { Plan, PlanRules, Situation } from '../../../../src/timing/plan/types.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, hour, known, MIDNIGHT, situation } from '../../../support/plan.ts';
import { costOfRuns, hoursOf, leastByTrial } from '../../../support/switching.ts';

const HOUR_MS = 3_600_000;
const LENGTH = 40;
const intensities = fc.array(fc.double({ min: 10, max: 600, noNaN: true }), { minLength: LENGTH, maxLength: LENGTH });
const grids = fc.array(intensities, { minLength: 1, maxLength: 3 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Hours that are whole minutes, so that starts and ends fall between steps. */
function minutes(most: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: most * 60 }).map((count) => count / 60);
}

function asked(values: readonly number[][], part: { wait: number; need: number; from?: number }): Situation {
  return situation({
    now: hour(part.from ?? 0),
    waitLeft: hours(part.wait),
    remaining: known(part.need),
    regions: values.map((each, index) => foretold(`r${index}`, each)),
    rules: { pausesLeft: Infinity },
  });
}

function ruled(one: Situation, rules: Partial<PlanRules>): Situation {
  return { ...one, rules: { ...one.rules, ...rules } };
}

describe('interruptible work', () => {
  const costs = fc.record({
    switchCost: fc.constantFrom(0, 0, 0.1).map(hours),
    minRun: fc.constantFrom(0, 0, 1.5).map(hours),
    price: fc.constantFrom(0, 0, 3),
    pausesLeft: fc.constantFrom(Infinity, 2),
  });

  it('runs exactly as long as it needs to, and is done in time', () => {
    fc.assert(
      fc.property(
        grids,
        costs,
        fc.record({ wait: minutes(20), need: minutes(15), from: share }),
        (values, rules, { wait, need, from }) => {
          const one = ruled(asked(values, { wait, need, from }), rules);
          const { runs } = interruptible(one);
          const resumes = (runs.length - 1) * (rules.switchCost / HOUR_MS);
          assert.ok(Math.abs(hoursOf(runs) - need - resumes) < 1e-6);
          runs.forEach(({ start, end }, index) => {
            assert.ok(start >= (runs[index - 1]?.end ?? one.now), 'in order');
            const least = index < runs.length - 1 ? rules.minRun : 0;
            assert.ok((end ?? Infinity) - start > 0 && (end ?? Infinity) - start >= least - 1);
          });
          assert.ok(runs.length - 1 <= rules.pausesLeft);
          assert.ok((runs.at(-1)?.end ?? Infinity) <= hour(from + wait + need) + 1);
        },
      ),
    );
  });

  it('never emits more for having more time', () => {
    fc.assert(
      fc.property(grids, minutes(10), minutes(10), fc.tuple(minutes(10)), (values, wait, more, [need]) => {
        const short = interruptible(asked(values, { wait, need })).mean ?? NaN;
        const long = interruptible(asked(values, { wait: wait + more, need })).mean ?? NaN;
        assert.ok(long <= short * (1 + 2e-4));
      }),
    );
  });

  it('runs at once where all hours are alike, whatever pauses cost', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 900 }),
        costs,
        fc.tuple(minutes(20), minutes(15)),
        (value, rules, [wait, need]) => {
          const { act, runs } = interruptible(
            ruled(asked([new Array<number>(LENGTH).fill(value)], { wait, need }), rules),
          );
          assert.equal(act, 'run');
          assert.equal(runs.length, 1);
        },
      ),
    );
  });

  it('emits no more than any single run', () => {
    fc.assert(
      fc.property(intensities, minutes(15), minutes(10), share, (values, wait, need, later) => {
        const one = asked([values], { wait, need });
        const start = instant(MIDNIGHT + later * wait * HOUR_MS);
        const contiguous = meanOf(one, start, instant(start + need * HOUR_MS));
        assert.ok((interruptible(one).mean ?? NaN) <= contiguous * (1 + 2e-4));
      }),
    );
  });

  it('emits in all what it planned at first when it plans again every hour', () => {
    fc.assert(
      fc.property(intensities, fc.integer({ min: 1, max: 20 }), minutes(10), (values, wait, need) => {
        const one = asked([values], { wait, need });
        const total = replanned(one, need);
        assert.ok(Math.abs(total - (interruptible(one).mean ?? NaN)) <= 3e-4 * total);
      }),
    );
  });

  it('costs the least that any course of whole hours does, or 1 % more on average, whatever pauses, moves and delay cost', () => {
    let [total, count] = [0, 0];
    const few = fc.array(fc.array(fc.integer({ min: 50, max: 500 }), { minLength: 7, maxLength: 7 }), {
      minLength: 1,
      maxLength: 2,
    });
    const terms = fc.record({
      need: fc.integer({ min: 1, max: 5 }),
      switchCost: fc.constantFrom(0, 1),
      minRun: fc.constantFrom(0, 1, 2),
      price: fc.constantFrom(0, 0, 10),
      transfer: fc.constantFrom(0, 0, 0.1),
      pauses: fc.constantFrom(1, 2, 9),
      running: fc.constantFrom(-1, 0),
    });
    fc.assert(
      fc.property(few, terms, (values, trial) => {
        const { need, price, transfer, pauses, running } = trial;
        const rules = { price, switchCost: hours(trial.switchCost), minRun: hours(trial.minRun), pausesLeft: pauses };
        const home = region('r0');
        const run = running < 0 ? null : { region: home, since: hour(-9) };
        const one = { ...ruled(asked(values, { wait: 7 - need, need }), rules), home, transfer, run };
        const cost = costOfRuns(one, interruptible(one).runs, need);
        const least = leastByTrial({ ...trial, values, home: 0 });
        assert.ok(cost >= least * (1 - 1e-6), 'no better than everything there is to try');
        total += cost / least;
        count += 1;
      }),
      { seed: 6, numRuns: 1000 },
    );
    assert.ok(total / count < 1.01, `on average ${total / count} times the least`);
  });
});

function meanOf({ regions }: Situation, from: number, to: number): number {
  const outlook = regions[0]?.outlook;
  assert.ok(outlook);
  return meanBetween(outlook, instant(from), instant(to));
}

/** Decides every hour and at planned starts and ends, and returns the mean over the time that was used. */
function replanned(one: Situation, need: number): number {
  const state = { now: Number(one.now), left: need * HOUR_MS, waitLeft: Number(one.waitLeft), sum: 0, runs: false };
  for (let step = 0; state.left > 1e-3; step += 1) {
    assert.ok(step < 300, 'it comes to an end');
    const plan = planWork('interruptible', {
      ...one,
      now: instant(state.now),
      waitLeft: millis(state.waitLeft < 1e-3 ? 0 : state.waitLeft),
      remaining: { state: 'known', value: millis(state.left) },
      run: state.runs ? { region: region('r0'), since: instant(MIDNIGHT) } : null,
    });
    const until = Math.min(nextLook(state.now, plan), plan.act === 'run' ? state.now + state.left : Infinity);
    if (plan.act === 'run') {
      state.sum += meanOf(one, state.now, until) * (until - state.now);
      state.left -= until - state.now;
    } else state.waitLeft -= until - state.now;
    state.runs = plan.act === 'run';
    state.now = until;
  }
  return state.sum / (need * HOUR_MS);
}

/** The next hour, or what is planned before it. */
function nextLook(now: number, { act, runs }: Plan): number {
  const edge = MIDNIGHT + (Math.floor((now - MIDNIGHT) / HOUR_MS + 1e-9) + 1) * HOUR_MS;
  const change = (act === 'run' ? runs[0]?.end : runs[0]?.start) ?? Infinity;
  return change > now ? Math.min(edge, change) : edge;
}
