import assert from 'node:assert/strict';
import { millis, region } from '../../../src/carbon/units.ts';
import { HOUR, reported, simulatedRuns, simulationPolicy } from '../../support/simulation.ts';
import { grams, workClass } from '../../support/world.ts';

function level(...parts: readonly (readonly [count: number, value: number])[]): readonly number[] {
  return parts.flatMap(([count, value]) => new Array<number>(count).fill(value));
}

describe('what a simulated decision knows', () => {
  const patient = [workClass('day', { maxDelay: millis(24 * HOUR), maxIntensity: grams(200) })];
  const policy = simulationPolicy({ classes: patient });

  it('is a threshold where there is no forecast, seen at the start of a slot with the nowcast', () => {
    const sketch = { jobs: [{ at: 0.5, hours: 1 }], forecast: { kind: 'none' as const }, policy };
    const truth = { 'us-a': [300, 300, 190, 300, 300, ...level([30, 300])] };

    assert.deepEqual(simulatedRuns({ ...sketch, truth }), ['us-a 2-3']);
    assert.deepEqual(simulatedRuns({ ...sketch, truth, nowcast: false }), ['us-a 3-4']);
  });

  it('is nothing at the first row without the nowcast', () => {
    const truth = { 'us-a': level([30, 100]) };
    const sketch = { jobs: [{ at: 0, hours: 1 }], truth, forecast: { kind: 'none' as const }, nowcast: false, policy };

    assert.deepEqual(simulatedRuns(sketch), ['us-a 1-2']);
  });

  it('is the hours that the policy knows to be clean, where there is no forecast, within a slot as well', () => {
    const windows = [{ name: 'sun', hours: { startMinute: 150, endMinute: 250 }, regions: [region('us-a')] }];
    const known = simulationPolicy({ classes: patient, windows });
    const sketch = { truth: { 'us-a': level([60, 300]) }, forecast: { kind: 'none' as const }, policy: known };

    assert.deepEqual(simulatedRuns({ ...sketch, jobs: [{ at: 0.25, hours: 1 }] }), ['us-a 2.5-3.5']);
    assert.deepEqual(simulatedRuns({ ...sketch, jobs: [{ at: 4.5, hours: 1 }] }), ['us-a 26.5-27.5']);
  });

  it('is what the last days were like, for work that may be paused and has no forecast', () => {
    const truth = { 'us-a': level([24, 300], [24, 100], [6, 290], [6, 105], [30, 290]) };
    const jobs = [{ at: 48.5, hours: 2, interruptible: true }];

    assert.deepEqual(simulatedRuns({ jobs, truth, forecast: { kind: 'none' }, policy }), ['us-a 54-56']);
  });

  it('asks for the price that is given rather than for the class its own', () => {
    const dear = simulationPolicy({ classes: [workClass('day', { maxDelay: millis(24 * HOUR), price: 1000 })] });
    const sketch = { jobs: [{ at: 0, hours: 1 }], truth: { 'us-a': [300, 200, ...level([30, 300])] }, policy: dear };

    assert.deepEqual(simulatedRuns(sketch), ['us-a 0-1']);
    assert.deepEqual(simulatedRuns({ ...sketch, price: 1 }), ['us-a 1-2']);
  });

  it('is told its true length where the method presupposes it, and no other is', () => {
    const jobs = [
      { at: 0, hours: 1, interruptible: true },
      { at: 0, hours: 3, interruptible: true },
    ];
    const truth = { 'us-a': [200, 100, 200, 90, 200, 80, ...level([40, 200])] };
    const sketch = { jobs, truth, durations: 'unknown' as const, policy };

    assert.deepEqual(simulatedRuns({ ...sketch, strategy: 'wait-awhile' }), [
      'us-a 5-6',
      'us-a 1-2 | us-a 3-4 | us-a 5-6',
    ]);
    const { forecast, schedule } = reported({ ...sketch, strategy: 'ecovisor' });
    assert.equal(forecast.kind, 'perfect');
    assert.ok((schedule.reductionPct ?? 0) > 0);
  });
});

describe('room in a region', () => {
  const policy = simulationPolicy({ classes: [workClass('day', { maxDelay: millis(24 * HOUR) })] });
  const level60 = { 'us-a': level([60, 100]) };

  it('is taken as long as work runs, however long it was thought to, and given back when it ends', () => {
    const sketch = { truth: level60, policy, capacity: { 'us-a': 1 }, durations: 'class' as const };
    // On average 2.5 hours: what takes 4 is in the way of the next longer than planned, what takes 1 shorter.
    const long = [
      { at: 0, hours: 4 },
      { at: 2.75, hours: 1 },
    ];
    const short = [
      { at: 0, hours: 1 },
      { at: 0.5, hours: 4 },
    ];

    assert.deepEqual(simulatedRuns({ ...sketch, jobs: long }), ['us-a 0-4', 'us-a 4-5']);
    assert.deepEqual(simulatedRuns({ ...sketch, jobs: short }), ['us-a 0-1', 'us-a 1-5']);
  });

  it('is booked for the slot at hand alone where lengths are not known', () => {
    const jobs = [
      { at: 0, hours: 3 },
      { at: 1, hours: 1 },
    ];
    const sketch = { jobs, truth: level60, policy, capacity: { 'us-a': 1 }, durations: 'unknown' as const };

    assert.deepEqual(simulatedRuns(sketch), ['us-a 0-3', 'us-a 3-4']);
  });

  it('is given back while work is paused', () => {
    const jobs = [
      { at: 0.5, hours: 1.5, interruptible: true },
      { at: 0.75, hours: 1, deadline: 3 },
    ];
    const truth = { 'us-a': [100, 300, 300, 90, ...level([60, 300])] };

    assert.deepEqual(simulatedRuns({ jobs, truth, policy, capacity: { 'us-a': 1 } }), [
      'us-a 0.5-1 | us-a 3-4',
      'us-a 1-2',
    ]);
  });
});

describe('data of a job', () => {
  const steps = {
    'us-a': [100, 100, 400, 400, ...level([20, 400])],
    'us-b': [400, 400, 400, 400, 100, ...level([20, 400])],
  };
  const shift = { allowed: false, maxDataGB: null, moveBelow: null };

  it('goes with it from where it ran last, where it has no place of its own', () => {
    const classes = [workClass('day', { maxDelay: millis(12 * HOUR) })];
    const jobs = [{ at: 0, hours: 3, interruptible: true, dataGb: 1, kwh: 3 }];
    const { transfer, schedule } = reported({ jobs, truth: steps, policy: simulationPolicy({ classes }) });

    assert.equal(transfer.moves, 1);
    // 1 GB at 0.001 kWh, (400 + 100) / 2 g/kWh.
    assert.ok(Math.abs(transfer.kg - 0.00025) < 1e-12);
    assert.ok(Math.abs(schedule.kg - 0.30025) < 1e-9);
  });

  it('keeps it where it began, where nothing may move', () => {
    const policy = simulationPolicy({ classes: [workClass('day', { maxDelay: millis(12 * HOUR) })] });
    const fixed = { ...policy, scheduler: { ...policy.scheduler, shift } };
    const [text = ''] = simulatedRuns({
      jobs: [{ at: 0, hours: 3, interruptible: true, dataGb: 1 }],
      truth: steps,
      policy: fixed,
    });

    assert.ok(!text.includes('us-a') || !text.includes('us-b'), text);
  });
});
