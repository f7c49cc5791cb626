import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../src/carbon/units.ts';
import type { ForecastSpec } from '../../../src/simulation/forecast/spec.ts';
import type { SimulationInput } from '../../../src/simulation/input.ts';
import { oracleSchedule } from '../../../src/simulation/oracle-schedule.ts';
import { runningTime, runsOf } from '../../../src/simulation/schedule.ts';
import type { Simulation } from '../../../src/simulation/schedule.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import type { IntensityTable } from '../../../src/simulation/types.ts';
import {
  HOUR,
  intensityTable,
  runsText,
  simulationInput,
  simulationPolicy,
  TABLE_START,
} from '../../support/simulation.ts';
import type { JobSketch } from '../../support/simulation.ts';
import { grams, workClass } from '../../support/world.ts';

const SLOTS = 120;
/** A moment is the same to half a millisecond. */
const TOLERANCE = 0.5;
const CLOSE = 1e-6;

const value = fc.double({ min: 1, max: 600, noNaN: true });
const column = fc.array(value, { minLength: SLOTS, maxLength: SLOTS });
const table = fc.record({ 'eu-a': column, 'us-a': column }).map((columns) => intensityTable(columns));
const quarters = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: 4 * most }).map((count) => count / 4);
const job: fc.Arbitrary<JobSketch> = fc
  .record({
    at: fc.integer({ min: 0, max: 4 * 70 }).map((count) => count / 4),
    hours: quarters(8),
    workClass: fc.constantFrom('now', 'hour', 'day'),
    residency: fc.constantFrom('global', 'eu-strict', 'us-only'),
    interruptible: fc.boolean(),
    slack: fc.option(quarters(20)),
  })
  .map(({ slack, ...rest }) => ({ ...rest, ...(slack === null ? {} : { deadline: rest.at + rest.hours + slack }) }));
const jobs = fc.array(job, { minLength: 1, maxLength: 6 });
const strategy = fc.constantFrom('immediate', 'threshold', 'window', 'interruptible', 'online', null);
const kinds = ['perfect', 'rolling', 'persistence', 'none'] as const;
const forecast: fc.Arbitrary<ForecastSpec> = fc.constantFrom(...kinds.map((kind): ForecastSpec => ({ kind })));

const classes = [
  workClass('now'),
  workClass('hour', { maxDelay: millis(HOUR), maxIntensity: grams(200) }),
  workClass('day', { maxDelay: millis(24 * HOUR), maxIntensity: grams(200) }),
];
const policy = simulationPolicy({ classes });

function maxDelay(input: SimulationInput, index: number): number {
  return policy.classes.get(input.jobs.kinds[input.jobs.kind[index] ?? 0]?.workClass ?? '')?.maxDelay ?? NaN;
}

function emitted(input: SimulationInput): { readonly simulation: Simulation; readonly oracle: Float64Array } {
  return { simulation: simulate(input), oracle: oracleSchedule(input).grams };
}

describe('a simulation', () => {
  it('starts nothing before it arrives, ends it by its deadline or delays it by no more than its class may', () => {
    fc.assert(
      fc.property(fc.record({ jobs, truth: table, strategy, forecast, nowcast: fc.boolean() }), (sketch) => {
        const input = simulationInput({ ...sketch, policy });
        const simulation = simulate(input);
        for (let index = 0; index < input.jobs.count; index += 1) {
          const arrival = input.jobs.arrival[index] ?? NaN;
          const end = simulation.end[index] ?? NaN;
          const deadline = input.jobs.deadline[index] ?? NaN;
          assert.ok((simulation.start[index] ?? NaN) >= arrival - TOLERANCE);
          if (!Number.isNaN(deadline)) assert.ok(end <= deadline + TOLERANCE);
          else {
            const delay = end - arrival - runningTime(simulation, index);
            assert.ok(delay <= maxDelay(input, index) + TOLERANCE, `${String(delay / HOUR)} h`);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('runs every job for exactly its length, in permitted regions, one run after another', () => {
    fc.assert(
      fc.property(fc.record({ jobs, truth: table, strategy, forecast }), (sketch) => {
        const input = simulationInput({ ...sketch, policy });
        const simulation = simulate(input);
        for (let index = 0; index < input.jobs.count; index += 1) {
          const runs = runsOf(simulation, index);
          assert.ok(Math.abs(runningTime(simulation, index) - (input.jobs.duration[index] ?? 0)) < TOLERANCE);
          assert.ok(runs.every((run, at) => run.start >= (runs[at - 1]?.end ?? 0) && run.end > run.start));
          const { residency } = input.jobs.kinds[input.jobs.kind[index] ?? 0] ?? { residency: '' };
          const places = runs.map(({ region }) => String(input.truth.regions[region]));
          if (residency !== 'global') assert.ok(places.every((place) => place.startsWith(residency.slice(0, 2))));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never emits less than the oracle', () => {
    fc.assert(
      fc.property(fc.record({ jobs, truth: table, strategy, forecast }), (sketch) => {
        const input = simulationInput({ ...sketch, policy });
        const { simulation, oracle } = emitted(input);
        for (const [index, least] of oracle.entries()) {
          const own = simulation.grams[index] ?? NaN;
          assert.ok(
            own >= least * (1 - CLOSE),
            `${runsText(input, simulation, index)}: ${String(own)} < ${String(least)}`,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('reaches the oracle with a perfect forecast, near-equals apart, where work runs through or stays in one region', () => {
    fc.assert(
      fc.property(fc.record({ jobs, truth: table }), fc.constantFrom('window', 'interruptible'), (sketch, asked) => {
        const one = sketch.jobs.map((each) => ({ ...each, residency: asked === 'window' ? 'global' : 'eu-strict' }));
        const { simulation, oracle } = emitted(simulationInput({ ...sketch, jobs: one, strategy: asked, policy }));
        for (const [index, least] of oracle.entries()) {
          assert.ok((simulation.grams[index] ?? NaN) <= least * 1.001, `job ${String(index)}`);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('emits no more with more slack, for a job alone and a perfect forecast', () => {
    fc.assert(
      fc.property(
        table,
        job,
        quarters(10),
        fc.constantFrom('window', 'interruptible'),
        (truth, sketch, more, asked) => {
          const deadline = sketch.deadline ?? sketch.at + sketch.hours;
          const alone = (end: number): number => {
            const jobs = [{ ...sketch, residency: asked === 'window' ? 'global' : 'us-only', deadline: end }];
            return simulate(simulationInput({ jobs, truth, strategy: asked, policy })).grams[0] ?? NaN;
          };
          // Starts that are within 0.01 % of the best are as good.
          assert.ok(alone(deadline + more) <= alone(deadline) * 1.0002);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('starts everything at arrival where the intensity never changes', () => {
    fc.assert(
      fc.property(jobs, value, strategy, forecast, (sketches, level, asked, model) => {
        const flat = new Array<number>(SLOTS).fill(level);
        const generous = simulationPolicy({ classes: classes.map((each) => ({ ...each, maxIntensity: grams(600) })) });
        const truth = { 'eu-a': flat, 'us-a': flat };
        const input = simulationInput({ jobs: sketches, truth, strategy: asked, forecast: model, policy: generous });
        assert.deepEqual(Array.from(simulate(input).start), Array.from(input.jobs.arrival));
      }),
      { numRuns: 100 },
    );
  });

  it('plans no more into a slot than a region may have, unless time is over', () => {
    fc.assert(
      fc.property(table, fc.array(job, { minLength: 2, maxLength: 12 }), (truth, sketches) => {
        const patient = sketches.map(({ at, hours }) => ({ at, hours: Math.min(hours, 2), deadline: at + 48 }));
        const capacity = { 'eu-a': 1, 'us-a': 1 };
        const simulation = simulate(simulationInput({ jobs: patient, truth, strategy: 'window', capacity, policy }));
        const seen = new Set<string>();
        for (const index of patient.keys()) {
          for (const code of slotsOf(simulation, index)) {
            assert.ok(!seen.has(code), code);
            seen.add(code);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  for (const kind of ['rolling', 'persistence', 'none'] as const) {
    it(`decides nothing by what comes later: ${kind}`, () => {
      const other = fc.record({ from: fc.integer({ min: 1, max: SLOTS - 1 }), table });
      const sketch = fc.record({ jobs, truth: table, strategy, nowcast: fc.boolean() });
      fc.assert(
        fc.property(sketch, other, (own, { from, table: later }) => {
          const outcome = (truth: IntensityTable): Outcome => {
            const input = simulationInput({ ...own, truth, forecast: { kind }, policy });
            return { input, simulation: simulate(input) };
          };
          const [first, second] = [outcome(own.truth), outcome(spliced(own.truth, later, from))];
          for (const index of own.jobs.keys()) {
            assert.equal(until(first, index, from), until(second, index, from));
          }
        }),
        { numRuns: 80 },
      );
    });
  }
});

/** Slots that a job touches, by region. */
function slotsOf(simulation: Simulation, index: number): readonly string[] {
  return runsOf(simulation, index).flatMap(({ region, start, end }) => {
    const first = Math.floor((start - TABLE_START) / HOUR + CLOSE);
    const last = Math.ceil((end - TABLE_START) / HOUR - CLOSE);
    return Array.from({ length: last - first }, (_, slot) => `${String(region)} ${String(first + slot)}`);
  });
}

/** Another table's values from a slot on. */
function spliced(truth: IntensityTable, other: IntensityTable, from: number): IntensityTable {
  const columns = truth.columns.map((own, region) =>
    own.map((each, slot) => (slot < from ? each : (other.columns[region]?.[slot] ?? each))),
  );
  return { ...truth, columns };
}

interface Outcome {
  readonly input: SimulationInput;
  readonly simulation: Simulation;
}

/** What a job had done by the start of a slot: where it started and when, and when it paused. */
function until({ input, simulation }: Outcome, index: number, slot: number): string {
  const moment = TABLE_START + slot * HOUR;
  return runsOf(simulation, index)
    .filter(({ start }) => start < moment)
    .map(({ region, start, end }) => {
      const stopped = end < moment ? String(end) : 'or later';
      return `${String(input.truth.regions[region])} ${String(start)}-${stopped}`;
    })
    .join(' ');
}
