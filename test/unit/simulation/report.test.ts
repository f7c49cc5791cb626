import assert from 'node:assert/strict';
import { millis } from '../../../src/carbon/units.ts';
import type { Report } from '../../../src/simulation/report.ts';
import { HOUR, reported, simulationPolicy } from '../../support/simulation.ts';
import { workClass } from '../../support/world.ts';

/** Whole to a billionth: sums of fractions. */
function near(found: unknown, wanted: number): void {
  assert.ok(typeof found === 'number' && Math.abs(found - wanted) < 1e-9, `${String(found)}, not ${String(wanted)}`);
}

const CLASSES = [workClass('now'), workClass('day', { maxDelay: millis(3 * HOUR) })];
const REGIONS = {
  'eu-a': { jurisdiction: 'eu', cost: 2 },
  'us-a': { jurisdiction: 'us', cost: 1 },
};
const POLICY = simulationPolicy({ regions: REGIONS, classes: CLASSES });

/** us-a: 400 200 100 300 …; eu-a: 50 and 500 by turns. */
const TRUTH = {
  'us-a': [400, 200, 100, 300, 300, 300, 300, 300],
  'eu-a': [50, 500, 50, 500, 50, 500, 50, 500],
};

describe('reportOf', () => {
  /*
   * j0: now, anywhere, 2 kWh, 1 h from 0: eu-a 0-1, 100 g. Baseline (800 + 100) / 2 = 450 g. Oracle and space 100 g.
   * j1: day, in the US, 1 kWh, 2 h from 0.5: us-a 1-3, 150 g, 30 min late. At arrival (200 + 200 + 50) / 2 = 225 g: the
   *     baseline and space. In eu-a 1-3 it would have been 275 g: nothing overridden.
   * j2: now, in the US, 1 kWh, 1 h from 2: 100 g, and 50 g in eu-a.
   */
  const jobs = [
    { at: 0, hours: 1, kwh: 2, workClass: 'now' },
    { at: 0.5, hours: 2, residency: 'us-only' },
    { at: 2, hours: 1, workClass: 'now', residency: 'us-only' },
    { at: 6, hours: 1 },
  ];
  let report: Report;
  before(() => {
    report = reported({ jobs, truth: TRUTH, policy: POLICY });
  });

  it('counts jobs, those that could run past the table, and the energy of the rest', () => {
    assert.equal(report.jobs, 4);
    assert.equal(report.unbillable, 1);
    near(report.energyKwh, 4);
  });

  it('measures against the expectation over permitted regions, run through from arrival', () => {
    assert.equal(report.baseline.kind, 'random');
    near(report.baseline.kg, 0.775);
    near(report.schedule.kg, 0.35);
    near(report.schedule.reductionPct, 100 * (1 - 350 / 775));
  });

  it('tells the least that was possible, and the share of it', () => {
    near(report.oracle.kg, 0.35);
    near(report.oracle.meanDelayMin, 10);
    near(report.shareOfOraclePct, 100);
    near(report.space.kg, 0.425);
    near(report.shareBeyondSpacePct, 100);
  });

  it('tells delays in minutes, by nearest rank', () => {
    near(report.schedule.meanDelayMin, 10);
    near(report.schedule.p50DelayMin, 0);
    near(report.schedule.p95DelayMin, 30);
    near(report.schedule.maxDelayMin, 30);
  });

  it('tells what residency cost', () => {
    assert.equal(report.schedule.residencyViolations, 0);
    near(report.schedule.residencyOverrides.ratePct, 100 / 3);
    near(report.schedule.residencyOverrides.penaltyKg, 0.05);
  });

  it('tells how many ran at once, and what that cost in money', () => {
    assert.equal(report.schedule.peakConcurrency, 2);
    // 1 h at 2, 2 h and 1 h at 1, against 1 h at 1.5 and the same.
    near(report.schedule.costChangePct, (100 * 0.5) / 4.5);
  });

  it('tells each class apart', () => {
    assert.deepEqual(Object.keys(report.byClass), ['now', 'day']);
    assert.equal(report.byClass['now']?.jobs, 2);
    near(report.byClass['now'].reductionPct, 100 * (1 - 200 / 550));
    near(report.byClass['day']?.reductionPct, 100 * (1 - 150 / 225));
    near(report.byClass['day']?.p95DelayMin, 30);
    assert.equal(report.byClass['day']?.deadlineMisses, 0);
  });

  it('names the forecast and what it saw', () => {
    assert.deepEqual(report.forecast, { kind: 'perfect', nowcast: true });
  });

  it('has no home baseline where a job has no home', () => {
    assert.equal(report.otherBaseline, null);
  });

  it('measures against home, and the other way as well, where every job has one', () => {
    const atHome = [
      { at: 0, hours: 1, workClass: 'now', home: 'us-a' },
      { at: 1, hours: 1, workClass: 'now', home: 'eu-a' },
    ];
    const { baseline, schedule, otherBaseline } = reported({ jobs: atHome, truth: TRUTH, policy: POLICY }, 'home');

    assert.equal(baseline.kind, 'home');
    near(baseline.kg, 0.9);
    near(schedule.kg, 0.25);
    near(schedule.costChangePct, 0);
    assert.equal(otherBaseline?.kind, 'random');
    near(otherBaseline.kg, 0.575);
    near(otherBaseline.reductionPct, 100 * (1 - 250 / 575));
  });

  it('counts what ends after its deadline', () => {
    const late = [
      { at: 0.5, hours: 2, workClass: 'now', deadline: 2 },
      { at: 0, hours: 1, workClass: 'now', deadline: 1 },
    ];
    const { schedule, byClass } = reported({ jobs: late, truth: TRUTH, policy: POLICY });

    assert.equal(schedule.deadlineMisses, 1);
    assert.equal(byClass['now']?.deadlineMisses, 1);
  });

  it('leaves shares open where nothing could be saved, and cost where a region has none', () => {
    const regions = { ...REGIONS, 'us-a': { jurisdiction: 'us', cost: null } };
    const level = { 'us-a': new Array<number>(8).fill(100), 'eu-a': new Array<number>(8).fill(100) };
    const policy = simulationPolicy({ regions, classes: CLASSES });
    const { shareOfOraclePct, shareBeyondSpacePct, schedule } = reported({ jobs, truth: level, policy });

    assert.equal(shareOfOraclePct, null);
    assert.equal(shareBeyondSpacePct, null);
    assert.equal(schedule.costChangePct, null);
    near(schedule.reductionPct, 0);
  });

  it('invents no figure where nothing is billed or nothing emitted', () => {
    const none = reported({ jobs: [{ at: 7, hours: 2 }], truth: TRUTH, policy: POLICY });
    const free = reported({ jobs: [{ at: 0, hours: 1 }], truth: { 'us-a': new Array<number>(8).fill(0) } });

    assert.equal(none.unbillable, 1);
    assert.equal(none.schedule.meanDelayMin, null);
    assert.equal(none.schedule.p50DelayMin, null);
    assert.equal(none.oracle.meanDelayMin, null);
    assert.equal(none.schedule.residencyOverrides.ratePct, 0);
    assert.equal(none.schedule.costChangePct, null);
    assert.equal(free.schedule.reductionPct, null);
  });

  it('bills data that is moved: half of its energy at either end', () => {
    const moved = [{ at: 0, hours: 1, workClass: 'now', dataGb: 100, dataRegion: 'us-a' }];
    const { schedule, transfer, oracle } = reported({ jobs: moved, truth: TRUTH, policy: POLICY });

    // 100 GB at 0.001 kWh, (400 + 50) / 2 g/kWh.
    assert.equal(transfer.moves, 1);
    near(transfer.gb, 100);
    near(transfer.kg, 0.0225);
    near(schedule.kg, 0.05 + 0.0225);
    near(oracle.kg, 0.05);
  });

  it('adds up more jobs than a thousand', () => {
    const many = Array.from({ length: 1500 }, (_, index) => ({ at: index / 1000, hours: 1, workClass: 'now' }));
    const { jobs: count, schedule } = reported({ jobs: many, truth: TRUTH, policy: POLICY });

    assert.equal(count, 1500);
    near(schedule.maxDelayMin, 0);
    assert.equal(schedule.peakConcurrency, 1000);
  });

  it('counts a pause as delay, not the running time around it', () => {
    const paused = [{ at: 0, hours: 2, interruptible: true }];
    const truth = { 'us-a': [100, 400, 400, 100, 400, 400, 400, 400] };
    const { schedule, oracle } = reported({ jobs: paused, truth, policy: POLICY });

    near(schedule.kg, 0.1);
    near(schedule.meanDelayMin, 120);
    near(oracle.meanDelayMin, 120);
    assert.equal(schedule.peakConcurrency, 1);
  });
});
