import assert from 'node:assert/strict';
import { instant, region } from '../../../../src/carbon/units.ts';
import { outlookOf } from '../../../../src/timing/plan/outlook.ts';
import type { Plan, Situation } from '../../../../src/timing/plan/types.ts';
import { unknownLength } from '../../../../src/timing/plan/unknown-length.ts';
import { hours } from '../../../support/hold.ts';
import { foretold, fullHours, hour, MIDNIGHT, planRegion, situation } from '../../../support/plan.ts';

const DIRTY_THEN_CLEAN = [...new Array<number>(4).fill(500), ...new Array<number>(20).fill(100)];
const CLEAN_THEN_DIRTY = [...new Array<number>(4).fill(100), ...new Array<number>(20).fill(500)];
const HERE = foretold('here', DIRTY_THEN_CLEAN);
const RUNNING = { region: region('here'), since: instant(MIDNIGHT - hours(2)) };

function starts(plan: Plan): readonly (readonly [string, number, number | null])[] {
  const hourOf = (moment: number): number => (moment - MIDNIGHT) / hours(1);
  return plan.runs.map(({ region: name, start, end }) => [name, hourOf(start), end === null ? null : hourOf(end)]);
}

describe('unknownLength: run or wait, by the mean of the class', () => {
  const cases: Record<string, readonly [Partial<Situation>, Plan['act'], Plan['reason']]> = {
    'waits for cleaner hours within its time': [{ regions: [HERE] }, 'wait', 'cleaner-hours'],
    'runs where everything is alike': [
      { regions: [foretold('here', new Array<number>(24).fill(300))] },
      'run',
      'plan-starts-now',
    ],
    'runs where nothing later is cleaner': [{ regions: [foretold('here', CLEAN_THEN_DIRTY)] }, 'run', 'cheap-hour'],
    'pauses for cleaner hours': [{ regions: [HERE], run: RUNNING, elapsed: hours(2) }, 'wait', 'cleaner-hours'],
    'runs as long as cleaner hours lie beyond what it may wait': [
      {
        regions: [foretold('here', [...new Array<number>(8).fill(500), ...new Array<number>(4).fill(100)])],
        waitLeft: hours(2),
      },
      'run',
      'cheap-hour',
    ],
    'knows nothing where nothing is foretold': [{ regions: [planRegion('here')] }, 'wait', 'no-value'],
    'waits for a place': [
      { regions: [foretold('here', CLEAN_THEN_DIRTY, { full: fullHours('10') })] },
      'wait',
      'regions-full',
    ],
    'goes on in a full region that it runs in': [
      { regions: [foretold('here', CLEAN_THEN_DIRTY, { full: fullHours('10') })], run: RUNNING },
      'run',
      'cheap-hour',
    ],
  };
  for (const [name, [part, act, reason]] of Object.entries(cases)) {
    it(name, () => {
      const plan = unknownLength(situation(part), hours(1));
      assert.deepEqual([plan.act, plan.reason], [act, reason]);
    });
  }

  it('runs until a dirty hour, waits it out, and goes on to its end', () => {
    const plan = unknownLength(
      situation({ regions: [foretold('here', [100, 100, 900, 900, ...new Array<number>(20).fill(100)])] }),
      hours(2),
    );
    assert.deepEqual([plan.act, plan.reason], ['run', 'cheap-hour']);
    assert.deepEqual(starts(plan), [
      ['here', 0, 2],
      ['here', 4, null],
    ]);
    assert.ok(Math.abs((plan.mean ?? 0) - 100) < 1);
    assert.ok((plan.meanNow ?? 0) > 200);
  });

  it('starts within a slot where its waiting ends there', () => {
    const waits = unknownLength(situation({ regions: [HERE], waitLeft: hours(3.5) }), hours(2));
    assert.deepEqual(starts(waits), [['here', 3.5, null]]);
    const atOnce = unknownLength(situation({ regions: [HERE], waitLeft: hours(0.25), now: hour(3.5) }), hours(2));
    assert.deepEqual(starts(atOnce), [['here', 3.75, null]]);
  });

  it('plans from the middle of a slot to its end first', () => {
    const plan = unknownLength(situation({ regions: [HERE], now: hour(3.5) }), hours(2));
    assert.deepEqual(starts(plan), [['here', 4, null]]);
  });

  it('takes the mean of what was foretold for what lies beyond', () => {
    const plan = unknownLength(situation({ regions: [foretold('here', [300])] }), hours(50));
    assert.equal(plan.act, 'run');
    assert.ok(Math.abs((plan.mean ?? 0) - 300) < 1e-9);
  });

  it('plans with steps of unlike length', () => {
    const edges = [0, 1, 3, 4, 8].map((count) => hour(count));
    const outlook = outlookOf(Float64Array.from(edges), Float64Array.from([500, 500, 100, 100]));
    const plan = unknownLength(
      situation({ regions: [planRegion('here', { outlook })], now: hour(9), waitLeft: hours(1) }),
      hours(1),
    );
    assert.equal(plan.act, 'run');
    const early = unknownLength(situation({ regions: [planRegion('here', { outlook })] }), hours(1));
    assert.deepEqual(starts(early), [['here', 3, null]]);
  });

  it('says whether a mean of its class stood in', () => {
    assert.equal(unknownLength(situation({ regions: [HERE] }), hours(1)).degraded, 'duration-usual');
    assert.equal(unknownLength(situation({ regions: [HERE] }), null).degraded, 'duration-unknown');
    assert.equal(unknownLength(situation({ regions: [HERE] }), null).act, 'wait');
  });
});

describe('unknownLength: what pausing and waiting cost', () => {
  const slightlyCleaner = foretold('here', [100, 100, 110, 110, 100, 100, 100, 100]);

  it('runs where waiting saves less than the least gain', () => {
    const regions = [foretold('here', [103, ...new Array<number>(20).fill(100)])];
    assert.equal(unknownLength(situation({ regions }), hours(1)).act, 'wait');
    const plan = unknownLength(situation({ regions, rules: { minGain: 0.05 } }), hours(1));
    assert.deepEqual([plan.act, plan.reason, starts(plan)], ['run', 'gain-too-small', [['here', 0, null]]]);
    assert.equal(plan.mean, plan.meanNow);
  });

  it('waits no hour that saves less than its price', () => {
    const regions = [HERE];
    assert.equal(unknownLength(situation({ regions, rules: { price: 200 } }), hours(1)).act, 'run');
    assert.equal(unknownLength(situation({ regions, rules: { price: 20 } }), hours(1)).act, 'wait');
  });

  it('pauses not at all where a resume costs more than the pause saves', () => {
    const free = unknownLength(situation({ regions: [slightlyCleaner] }), hours(2));
    assert.equal(free.runs.length, 2);
    const dear = unknownLength(situation({ regions: [slightlyCleaner], rules: { switchCost: hours(1) } }), hours(2));
    assert.equal(dear.runs.length, 1);
  });

  it('counts a resume into what the rest of paused work emits', () => {
    const flat = foretold('here', new Array<number>(40).fill(200));
    const paused = { regions: [flat], elapsed: hours(1), rules: { switchCost: hours(1) } };
    assert.ok(Math.abs((unknownLength(situation(paused), hours(2)).mean ?? 0) - 300) < 1e-6);
    const fresh = { ...paused, elapsed: hours(0) };
    assert.ok(Math.abs((unknownLength(situation(fresh), hours(2)).mean ?? 0) - 200) < 1e-6);
  });

  it('plans no pause for work that may not be paused again', () => {
    const regions = [foretold('here', [100, 100, 900, 900, 100, 100, 100, 100])];
    const plan = unknownLength(situation({ regions, rules: { pausesLeft: 0 } }), hours(2));
    assert.equal(plan.runs.length, 1);
  });

  it('plans in slots no shorter than the least run', () => {
    const regions = [foretold('here', [300, 100, 900, 100, 900, 100, 900, 100, 900, 100, 100, 100])];
    const plan = unknownLength(situation({ regions, waitLeft: hours(10), rules: { minRun: hours(3) } }), hours(8));
    for (const { start, end } of plan.runs) assert.ok(end === null || end - start >= hours(3));
  });

  it('plans a wait of weeks in coarser slots', () => {
    const year = Array.from({ length: 2000 }, (_, i) => 300 + 100 * Math.sin(i / 24));
    const plan = unknownLength(situation({ regions: [foretold('here', year)], waitLeft: hours(1000) }), hours(500));
    assert.ok(plan.runs.length > 0);
  });
});

describe('unknownLength: several regions', () => {
  const there = foretold('there', CLEAN_THEN_DIRTY);

  it('changes region with the hours where that costs nothing', () => {
    const plan = unknownLength(situation({ regions: [HERE, there], rules: { pausesLeft: Infinity } }), hours(4));
    assert.deepEqual(starts(plan), [
      ['there', 0, 4],
      ['here', 4, null],
    ]);
  });

  it('passes over a full region, and waits in the cleanest where all are full', () => {
    const rules = { pausesLeft: Infinity };
    const fullThere = foretold('there', [100, ...new Array<number>(23).fill(500)], { full: fullHours('1') });
    const here = foretold('here', new Array<number>(24).fill(120));
    assert.deepEqual(
      starts(unknownLength(situation({ regions: [here, fullThere], rules, waitLeft: hours(0.5) }), hours(1)))[0],
      ['here', 0, null],
    );
    const fullHere = foretold('here', new Array<number>(24).fill(120), { full: fullHours('1') });
    const both = unknownLength(situation({ regions: [fullHere, fullThere], rules }), hours(1));
    assert.equal(both.reason, 'regions-full');
    assert.equal(both.meanNow, null);
  });

  it('keeps to one region where pauses are few, and takes the better', () => {
    const plan = unknownLength(situation({ regions: [HERE, there], rules: { price: 20 } }), hours(1));
    assert.deepEqual([plan.act, plan.runs[0]?.region], ['run', 'there']);
  });

  it('leaves the region it runs in for no less than the least gain', () => {
    const regions = [
      foretold('here', new Array<number>(24).fill(100)),
      foretold('there', new Array<number>(24).fill(97)),
    ];
    const stays = situation({ regions, run: RUNNING, elapsed: hours(2), rules: { minGain: 0.05 } });
    assert.equal(unknownLength(stays, hours(1)).runs[0]?.region, 'here');
    const goes = situation({ regions, run: RUNNING, elapsed: hours(2) });
    assert.equal(unknownLength(goes, hours(1)).runs[0]?.region, 'there');
  });

  const home = region('here');
  const [cleaner, muchCleaner] = [
    foretold('there', new Array<number>(24).fill(90)),
    foretold('there', new Array<number>(24).fill(40)),
  ];
  const atHome = foretold('here', new Array<number>(24).fill(100));
  const moves: Record<string, readonly [Partial<Situation>, string]> = {
    'moves where its data costs less than it saves': [{ regions: [atHome, cleaner], transfer: 0.08 }, 'there'],
    'stays where moving its data costs more': [{ regions: [atHome, cleaner], transfer: 0.2 }, 'here'],
    'leaves a home that is not permitted, whatever it costs': [{ regions: [cleaner], transfer: 0.5 }, 'there'],
    'leaves a home of which nothing is foretold': [{ regions: [planRegion('here'), cleaner], transfer: 0.01 }, 'there'],
  };
  for (const [name, [part, expected]] of Object.entries(moves)) {
    it(name, () => {
      assert.equal(unknownLength(situation({ home, ...part }), hours(1)).runs[0]?.region, expected);
    });
  }

  it('moves only below the share of its home that the policy names', () => {
    const rules = { moveBelow: 0.6 };
    const nearly = situation({ home, regions: [atHome, cleaner], rules });
    assert.equal(unknownLength(nearly, hours(1)).runs[0]?.region, 'here');
    const below = situation({ home, regions: [atHome, muchCleaner], rules });
    assert.equal(unknownLength(below, hours(1)).runs[0]?.region, 'there');
  });
});
