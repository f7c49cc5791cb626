import assert from 'node:assert/strict';
import { instant } from '../../../../src/carbon/units.ts';
import { planAside, planned, setAside } from '../../../../src/service/signal-share/set-aside.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';

const DAY = 86_400_000;
const NIGHT = Date.parse('2026-03-02T23:59:59Z');

describe('requests set aside', () => {
  let now = NIGHT;
  let meter: Meter;
  let meters: ReadonlyMap<string, Meter>;

  function of(perDay: number | null): void {
    now = NIGHT;
    meter = new Meter({ perDay, perMinute: null, now: () => instant(now), reserved: true });
    meters = new Map([['p', meter]]);
  }

  const plans: Readonly<Record<string, readonly [perDay: number | null, need: number, used: number | null]>> = {
    'what a round needs, where a block is less': [100, 7, 7],
    'a block of a fiftieth, where a round needs less': [1_000, 7, 20],
    'no more than is left': [5, 7, 5],
    'nothing where nothing is left': [0, 7, null],
    'nothing where the day has no limit': [null, 7, null],
    'nothing where nothing is due': [100, 0, null],
  };
  for (const [what, [perDay, need, used]] of Object.entries(plans)) {
    it(`are ${what}`, () => {
      of(perDay);
      const plan = planAside(new Map([['p', need]]), meters);

      assert.equal(plan.get('p')?.used ?? null, used);
      assert.equal(meter.aside(), 0);
      setAside(plan, meters);
      assert.equal(meter.aside(), used ?? 0);
      assert.equal(meter.state().used, used ?? 0);
    });
  }

  it('are not planned again while enough of them are left', () => {
    of(1_000);
    setAside(planAside(new Map([['p', 7]]), meters), meters);
    for (let sent = 0; sent < 13; sent += 1) assert.ok(meter.take());
    assert.equal(planAside(new Map([['p', 7]]), meters).size, 0);
    meter.take();
    const plan = planAside(new Map([['p', 7]]), meters);

    assert.equal(plan.get('p')?.used, 34);
    setAside(plan, meters);
    assert.equal(meter.aside(), 20);
  });

  it('are counted in what was published, though requests are sent meanwhile', () => {
    of(1_000);
    setAside(planAside(new Map([['p', 7]]), meters), meters);
    for (let sent = 0; sent < 15; sent += 1) meter.take();
    const plan = planAside(new Map([['p', 7]]), meters);
    meter.take();
    setAside(plan, meters);

    assert.equal(meter.state().used, plan.get('p')?.used);
  });

  it('are void where the day that they were counted in has ended', () => {
    of(1_000);
    const plan = planAside(new Map([['p', 7]]), meters);
    now += 2_000;
    setAside(plan, meters);

    assert.equal(meter.aside(), 0);
    assert.deepEqual(meter.state(), { day: Math.floor(now / DAY), used: 0 });
  });

  it('stand in the budgets that are published, beside those that stay as they are', () => {
    const circuit = { failures: 0, openUntil: null, reason: null };
    const sources = ['p', 'q'].map((id) => ({ id, circuit, budget: { day: 1, used: 1 } }));
    const budgets = planned(sources, new Map([['p', { day: 1, used: 9 }]])).map(({ budget }) => budget.used);

    assert.deepEqual(budgets, [9, 1]);
  });
});
