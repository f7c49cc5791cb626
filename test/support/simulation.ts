import { instant, millis, region } from '../../src/carbon/units.ts';
import type { Region } from '../../src/carbon/units.ts';
import { openForecast } from '../../src/simulation/forecast/open.ts';
import type { ForecastSpec } from '../../src/simulation/forecast/spec.ts';
import type { SimulationInput } from '../../src/simulation/input.ts';
import { oracleSchedule } from '../../src/simulation/oracle-schedule.ts';
import type { BaselineKind } from '../../src/simulation/problems.ts';
import { reportOf } from '../../src/simulation/report.ts';
import type { Report } from '../../src/simulation/report.ts';
import { runsOf } from '../../src/simulation/schedule.ts';
import type { Simulation } from '../../src/simulation/schedule.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { reachOf } from '../../src/simulation/time-left.ts';
import type { IntensityTable, JobKind, JobTable } from '../../src/simulation/types.ts';
import type { Policy } from '../../src/policy/types.ts';
import { grams, policy, regionFacts, workClass } from './world.ts';

/** Builders of what is simulated: moments and lengths in hours from the table's start. */
export const HOUR = 3_600_000;
export const TABLE_START: number = Date.parse('2026-03-02T00:00:00Z');

/** One column a region, hourly unless told. */
export function intensityTable(columns: Record<string, readonly number[]>, step = HOUR): IntensityTable {
  const values = Object.values(columns).map((column) => Float64Array.from(column));
  return {
    start: instant(TABLE_START),
    step: millis(step),
    count: values[0]?.length ?? 0,
    regions: Object.keys(columns).map(region),
    columns: values,
  };
}

export interface JobSketch {
  readonly at: number;
  readonly hours: number;
  readonly kwh?: number;
  readonly workClass?: string;
  readonly residency?: string;
  readonly deadline?: number;
  readonly home?: string;
  readonly interruptible?: boolean;
  readonly dataGb?: number;
  readonly dataRegion?: string;
}

/** Jobs of 1 kWh, of class `day` (may wait 24 h) and anywhere unless told; named j0, j1, … */
export function jobTable(sketches: readonly JobSketch[]): JobTable {
  const kinds = new Map<string, JobKind>();
  const kind = sketches.map((sketch) => {
    const made = kindOf(sketch);
    const key = JSON.stringify(made);
    if (!kinds.has(key)) kinds.set(key, made);
    return [...kinds.keys()].indexOf(key);
  });
  const column = (of: (sketch: JobSketch) => number): Float64Array => Float64Array.from(sketches, of);
  return {
    count: sketches.length,
    ids: sketches.map((_, index) => `j${String(index)}`),
    arrival: column(({ at }) => hoursIn(at)),
    duration: column(({ hours }) => hours * HOUR),
    energy: column(({ kwh = 1 }) => kwh),
    deadline: column(({ deadline }) => (deadline === undefined ? NaN : hoursIn(deadline))),
    dataGb: column(({ dataGb = 0 }) => dataGb),
    kind: Uint32Array.from(kind),
    kinds: [...kinds.values()],
  };
}

function kindOf(sketch: JobSketch): JobKind {
  const { workClass: name = 'day', residency = 'global', home, interruptible = false, dataRegion } = sketch;
  return {
    workClass: name,
    residency,
    home: home === undefined ? null : region(home),
    interruptible,
    dataRegion: dataRegion === undefined ? null : region(dataRegion),
  };
}

function hoursIn(hours: number): number {
  return TABLE_START + hours * HOUR;
}

/** Classes `now` (waits for nothing), `hour`, `day` (may wait so long), and the regions of the worked examples. */
export function simulationPolicy(part: Parameters<typeof policy>[0] = {}): Policy {
  return policy({
    regions: { 'eu-a': { jurisdiction: 'eu' }, 'us-a': { jurisdiction: 'us' }, 'us-b': { jurisdiction: 'us' } },
    classes: [
      workClass('now'),
      workClass('hour', { maxDelay: millis(HOUR), maxIntensity: grams(200) }),
      workClass('day', { maxDelay: millis(24 * HOUR), maxIntensity: grams(200) }),
    ],
    ...part,
  });
}

/** A policy in which some regions take so many at once. */
export function withCapacity(base: Policy, limits: Record<string, number>): Policy {
  const regions = new Map(base.regions);
  for (const [name, capacity] of Object.entries(limits)) {
    regions.set(region(name), { ...(regions.get(region(name)) ?? regionFacts(name)), capacity });
  }
  return { ...base, regions };
}

export interface SimulationSketch extends Partial<Omit<SimulationInput, 'jobs' | 'truth' | 'forecast' | 'capacity'>> {
  readonly jobs: readonly JobSketch[] | JobTable;
  readonly truth: Record<string, readonly number[]> | IntensityTable;
  /** `perfect` unless told. */
  readonly forecast?: ForecastSpec;
  readonly capacity?: Record<string, number>;
}

/** An input with a perfect forecast, known durations and the classes' own strategies unless told. */
export function simulationInput(sketch: SimulationSketch): SimulationInput {
  const { forecast: spec = { kind: 'perfect' }, capacity = {}, ...part } = sketch;
  const truth = isTable(sketch.truth) ? sketch.truth : intensityTable(sketch.truth);
  const jobs = isJobs(sketch.jobs) ? sketch.jobs : jobTable(sketch.jobs);
  const limits = new Map<Region, number>(Object.entries(capacity).map(([name, limit]) => [region(name), limit]));
  const base = {
    policy: simulationPolicy(),
    strategy: null,
    nowcast: true,
    durations: 'known' as const,
    price: null,
    ...part,
    jobs,
    truth,
    capacity: limits,
  };
  const reach = reachOf(base);
  return { ...base, forecast: openForecast(spec, { truth, nowcast: base.nowcast, seed: 1, reach }) };
}

function isTable(truth: SimulationSketch['truth']): truth is IntensityTable {
  return Array.isArray(truth.columns) && ArrayBuffer.isView(truth.columns[0]);
}

function isJobs(jobs: SimulationSketch['jobs']): jobs is JobTable {
  return !Array.isArray(jobs);
}

/** A job's runs as text, hours from the table's start, e.g. `us-a 2-4.5 | eu-a 6-7`; empty: not billed. */
export function runsText(input: SimulationInput, simulation: Simulation, job: number): string {
  const hours = (moment: number): string => String(Math.round(((moment - TABLE_START) / HOUR) * 1e6) / 1e6);
  return runsOf(simulation, job)
    .map((run) => `${String(input.truth.regions[run.region])} ${hours(run.start)}-${hours(run.end)}`)
    .join(' | ');
}

/** Runs of every job as text. */
export function simulatedRuns(sketch: SimulationSketch): readonly string[] {
  const input = simulationInput(sketch);
  const simulation = simulate(input);
  return input.jobs.ids.map((_, job) => runsText(input, simulation, job));
}

/** The report of a simulation and its oracle. */
export function reported(sketch: SimulationSketch, baseline: BaselineKind = 'random'): Report {
  const input = simulationInput(sketch);
  return reportOf(input, simulate(input), { baseline, oracle: oracleSchedule(input) });
}
