import assert from 'node:assert/strict';
import { millis } from '../../../src/carbon/units.ts';
import type { StrategyName } from '../../../src/policy/strategies.ts';
import type { SchedulerSettings } from '../../../src/policy/types.ts';
import { HOUR, simulatedRuns, simulationInput, simulationPolicy } from '../../support/simulation.ts';
import type { SimulationSketch } from '../../support/simulation.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { grams, workClass } from '../../support/world.ts';

const FALLING = [300, 250, 200, 100, 150, 350, 350, 350, 350, 350];
function withSettings(part: Partial<SchedulerSettings>): ReturnType<typeof simulationPolicy> {
  const policy = simulationPolicy({ classes: [workClass('day', { maxDelay: millis(6 * HOUR) })] });
  return { ...policy, scheduler: { ...policy.scheduler, ...part } };
}

describe('simulate', () => {
  const cases: Record<string, SimulationSketch & { readonly want: readonly string[] }> = {
    'starts work when its own length is cleanest, within a slot if need be': {
      jobs: [
        { at: 0.5, hours: 2, workClass: 'slack' },
        { at: 0.5, hours: 1.5, workClass: 'slack' },
      ],
      truth: { 'us-a': FALLING },
      want: ['us-a 3-5', 'us-a 3-4.5'],
    },
    'ends it at an edge where that is cleaner': {
      jobs: [{ at: 0, hours: 1.5, workClass: 'slack' }],
      truth: { 'us-a': [300, 300, 150, 100, 400, 400, 400, 400, 400, 400] },
      want: ['us-a 2.5-4'],
    },
    'starts it at arrival where nothing is cleaner later': {
      jobs: [{ at: 1.25, hours: 2, workClass: 'slack' }],
      truth: { 'us-a': [100, 100, 100, 100, 100, 100, 100, 100, 100, 100] },
      want: ['us-a 1.25-3.25'],
    },
    'starts it at the latest moment where it gets cleaner all the time': {
      jobs: [{ at: 0.25, hours: 1, workClass: 'slack' }],
      truth: { 'us-a': [900, 800, 700, 600, 500, 400, 300, 200, 100, 50] },
      want: ['us-a 4.25-5.25'],
    },
    'places a class that waits for nothing where it is cleanest': {
      jobs: [{ at: 0.5, hours: 1, workClass: 'now' }],
      truth: { 'us-a': FALLING, 'us-b': [200, 290, 10, 10, 10, 10, 10, 10, 10, 10] },
      want: ['us-b 0.5-1.5'],
    },
    'goes to another region for cleaner hours there, but not where residency forbids it': {
      jobs: [
        { at: 0, hours: 1, workClass: 'slack' },
        { at: 0, hours: 1, workClass: 'slack', residency: 'us-only' },
      ],
      truth: { 'us-a': FALLING, 'eu-a': [300, 300, 50, 300, 300, 300, 300, 300, 300, 300] },
      want: ['eu-a 2-3', 'us-a 3-4'],
    },
    'lets a deadline stand above the class, and does without a class': {
      jobs: [
        { at: 0, hours: 1, workClass: 'now', deadline: 4 },
        { at: 0, hours: 1, workClass: 'nobody-knows-it', deadline: 3 },
        { at: 0, hours: 1, workClass: 'slack', deadline: 3.5 },
      ],
      truth: { 'us-a': FALLING },
      want: ['us-a 3-4', 'us-a 2-3', 'us-a 2.5-3.5'],
    },
    'starts at arrival what cannot meet its deadline any more': {
      jobs: [{ at: 0.5, hours: 3, workClass: 'slack', deadline: 2 }],
      truth: { 'us-a': FALLING },
      want: ['us-a 0.5-3.5'],
    },
    'pauses in dirty hours what may be paused': {
      jobs: [{ at: 0, hours: 2, workClass: 'slack', interruptible: true }],
      truth: { 'us-a': [100, 300, 300, 90, 300, 300, 300, 300, 300, 300] },
      want: ['us-a 0-1 | us-a 3-4'],
    },
    'resumes it within a slot of which it needs a part': {
      jobs: [{ at: 0.5, hours: 1.25, workClass: 'slack', interruptible: true }],
      truth: { 'us-a': [110, 300, 300, 90, 300, 300, 300, 300, 300, 300] },
      want: ['us-a 0.75-1 | us-a 3-4'],
    },
    'runs in one piece whatever may be paused where the strategy is window': {
      jobs: [{ at: 0, hours: 2, workClass: 'slack', interruptible: true }],
      truth: { 'us-a': [100, 300, 300, 90, 120, 300, 300, 300, 300, 300] },
      strategy: 'window',
      want: ['us-a 3-5'],
    },
    'plans in one piece what may not be paused where the strategy pauses': {
      jobs: [{ at: 0, hours: 2, workClass: 'slack' }],
      truth: { 'us-a': [100, 300, 300, 90, 120, 300, 300, 300, 300, 300] },
      strategy: 'interruptible',
      want: ['us-a 3-5'],
    },
    'asks an hour of delay for its price': {
      jobs: [{ at: 0, hours: 1, workClass: 'slack' }],
      truth: { 'us-a': [300, 250, 200, 180, 160, 350, 350, 350, 350, 350] },
      price: 30,
      want: ['us-a 2-3'],
    },
    'takes up jobs in order of arrival, whatever their order in the file': {
      jobs: [
        { at: 1, hours: 1, workClass: 'slack' },
        { at: 0, hours: 1, workClass: 'slack' },
      ],
      truth: { 'us-a': FALLING, 'us-b': [310, 310, 310, 110, 310, 310, 310, 310, 310, 310] },
      capacity: { 'us-a': 1, 'us-b': 1 },
      want: ['us-b 3-4', 'us-a 3-4'],
    },
    'never plans more into a slot than a region may have': {
      jobs: [0, 0.1, 0.2].map((at) => ({ at, hours: 1, workClass: 'slack' })),
      truth: { 'us-a': FALLING },
      capacity: { 'us-a': 1 },
      want: ['us-a 3-4', 'us-a 4-5', 'us-a 2-3'],
    },
    'runs at the end of its time though every region is full': {
      jobs: [0, 0, 0].map((at) => ({ at, hours: 1, workClass: 'hour' })),
      truth: { 'us-a': FALLING },
      capacity: { 'us-a': 1 },
      want: ['us-a 1-2', 'us-a 0-1', 'us-a 1-2'],
    },
    'leaves out what could run past the table, and what came before it': {
      jobs: [
        { at: 4, hours: 2, workClass: 'slack' },
        { at: 4.1, hours: 2, workClass: 'slack' },
        { at: 8, hours: 1, workClass: 'now', deadline: 11 },
        { at: -1, hours: 1, workClass: 'slack' },
      ],
      truth: { 'us-a': [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
      want: ['us-a 4-6', '', '', ''],
    },
    'knows the mean of the class alone, where that is all it is shown': {
      jobs: [
        { at: 0, hours: 1, workClass: 'slack' },
        { at: 0, hours: 3, workClass: 'slack' },
      ],
      truth: { 'us-a': [300, 120, 300, 150, 100, 350, 350, 350, 350, 350] },
      durations: 'class',
      want: ['us-a 3-4', 'us-a 3-6'],
    },
    'looks for the cleanest step where it knows no lengths': {
      jobs: [{ at: 0, hours: 3, workClass: 'slack' }],
      truth: { 'us-a': [300, 80, 300, 150, 100, 350, 350, 350, 350, 350] },
      durations: 'unknown',
      want: ['us-a 1-4'],
    },
  };

  const policy = simulationPolicy({
    classes: [
      workClass('now'),
      workClass('hour', { maxDelay: millis(HOUR) }),
      workClass('slack', { maxDelay: millis(4 * HOUR), maxIntensity: grams(200) }),
    ],
  });
  for (const [behaviour, { want, ...sketch }] of Object.entries(cases)) {
    it(behaviour, () => {
      assert.deepEqual(simulatedRuns({ policy, ...sketch }), want);
    });
  }

  const strategies: Record<string, { own?: StrategyName; asked?: StrategyName; pausable: boolean; want: string }> = {
    'pauses what may be paused unless its class says otherwise': { pausable: true, want: 'us-a 0-1 | us-a 3-4' },
    'goes by the threshold of a class that says so': { own: 'threshold', pausable: true, want: 'us-a 0-2' },
    'waits for nothing where the class does not': { own: 'immediate', pausable: true, want: 'us-a 0-2' },
    'plans in one piece what may not be paused, whatever the class says': {
      own: 'interruptible',
      pausable: false,
      want: 'us-a 2-4',
    },
    'does what is asked rather than what the class says': {
      own: 'immediate',
      asked: 'interruptible',
      pausable: true,
      want: 'us-a 0-1 | us-a 3-4',
    },
  };
  for (const [behaviour, { own = 'window', asked, pausable, want }] of Object.entries(strategies)) {
    it(behaviour, () => {
      const classes = [
        workClass('day', { maxDelay: millis(4 * HOUR), maxIntensity: grams(200), strategy: own, price: 0 }),
      ];
      const runs = simulatedRuns({
        jobs: [{ at: 0, hours: 2, interruptible: pausable }],
        truth: { 'us-a': [100, 300, 110, 90, 300, 300, 300, 300, 300, 300] },
        policy: simulationPolicy({ classes }),
        strategy: asked ?? null,
      });

      assert.deepEqual(runs, [want]);
    });
  }

  it('adds the cost of a switch to running time, and stops no work before it ran so long', () => {
    const sketch = {
      jobs: [{ at: 0, hours: 2, interruptible: true }],
      truth: { 'us-a': [100, 300, 300, 90, 95, ...new Array<number>(15).fill(300)] },
    };

    assert.deepEqual(simulatedRuns({ ...sketch, policy: withSettings({ switchCost: millis(HOUR / 2) }) }), [
      'us-a 3-5',
    ]);
    const dear = { ...sketch, truth: { 'us-a': [40, 900, 900, 90, 100, 110, ...new Array<number>(15).fill(900)] } };
    const jobs = [{ at: 0, hours: 3, interruptible: true }];
    assert.deepEqual(simulatedRuns({ ...dear, jobs, policy: withSettings({ switchCost: millis(HOUR / 4) }) }), [
      'us-a 0-1 | us-a 3-5.25',
    ]);
  });

  it('pauses no more often than the policy lets it', () => {
    const [text = ''] = simulatedRuns({
      jobs: [{ at: 0, hours: 3, interruptible: true }],
      truth: { 'us-a': [100, 300, 100, 300, 110, 110, 300, 300, 300, 300] },
      policy: withSettings({ maxPauses: 1 }),
    });

    assert.equal(text.split('|').length, 2);
  });

  it('moves no data that is too much, and stays at home where nothing may move', () => {
    const truth = { 'us-a': new Array<number>(12).fill(300), 'us-b': new Array<number>(12).fill(100) };
    const jobs = [5, 20].map((dataGb) => ({ at: 0, hours: 1, dataGb, dataRegion: 'us-a' }));
    const shift = { allowed: true, maxDataGB: 10, moveBelow: 0.6 };

    assert.deepEqual(simulatedRuns({ jobs, truth, policy: withSettings({ shift }) }), ['us-b 0-1', 'us-a 0-1']);
    const fixed = { ...shift, allowed: false };
    assert.deepEqual(simulatedRuns({ jobs, truth, policy: withSettings({ shift: fixed }) }), ['us-a 0-1', 'us-a 0-1']);
  });

  it('tells how far it has come', () => {
    const shares: number[] = [];
    simulate({
      ...simulationInput({ jobs: [{ at: 0, hours: 1 }], truth: { 'us-a': new Array<number>(250).fill(1) } }),
      onProgress: (share) => shares.push(share),
    });

    assert.equal(shares[0], 0);
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.length > 90 && shares.length < 140);
  });
});
