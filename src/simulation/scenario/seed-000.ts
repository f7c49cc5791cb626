import { ENOUGH_PAST } from '../../carbon/forecast/own.ts';
import { instant, millis, region } from '../../carbon/units.ts';
import { uniformStream } from '../random.ts';
import type { Uniform } from '../random.ts';
import type { IntensityTable, JobKind, JobTable } from '../types.ts';
import { hourlyIntensity } from './grid.ts';
import type { GridShape } from './grid.ts';
import { shuffled } from './shuffled.ts';

/** Jobs, and the grids that they could run on. */
export interface Scenario {
  readonly jobs: JobTable;
  readonly intensity: IntensityTable;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const START = instant(Date.UTC(2026, 0, 1));
const DAYS = 30;
/** Without so much of a grid's past the service makes no forecast of its own: no grid is without one. */
const PAST_DAYS = ENOUGH_PAST / DAY_MS;
/** One more: the last deferrable job may wait 12 h and then run 4 h. */
const GRID_DAYS = PAST_DAYS + DAYS + 1;
const JOBS = 1000;
const LEAST = { minutes: 30, kwh: 0.1 } as const;
const MOST = { minutes: 240, kwh: 0.5 } as const;
const CLASSES = { urgent: 100, standard: 400, deferrable: 500 } as const;
const RESIDENCIES = { 'eu-strict': 300, global: 700 } as const;

/** Two in America that differ by level and hour, one in Europe. */
export const GRIDS: readonly GridShape[] = [
  { region: region('us-east-1'), mean: 450, low: 350, high: 550, clean: { from: 11, to: 15 } },
  { region: region('us-west-2'), mean: 280, low: 180, high: 380, clean: { from: 18, to: 22 } },
  { region: region('eu-central-1'), mean: 320, low: 200, high: 450, clean: { from: 10, to: 14 } },
];

/**
 * Thirty days, a thousand jobs, three grids: 10 % urgent, 40 % standard, 50 % deferrable; 30 % may run in the European
 * Union alone; 30 min to 4 h, 0.1 to 0.5 kWh. The grids begin two weeks before the first job. The same seed (0 to 2^32 - 1) gives the same scenario everywhere.
 */
export function seed000(seed: number): Scenario {
  const count = GRID_DAYS * 24;
  const columns = GRIDS.map((grid) => hourlyIntensity(grid, count, uniformStream(seed, grid.region)));
  const regions = GRIDS.map((grid) => grid.region);
  return {
    jobs: jobsOf(uniformStream(seed, 'jobs')),
    intensity: { start: instant(START - ENOUGH_PAST), step: millis(HOUR_MS), count, regions, columns },
  };
}

function jobsOf(uniform: Uniform): JobTable {
  const minutes = Array.from({ length: JOBS }, () => Math.floor(uniform() * DAYS * 24 * 60)).sort((a, b) => a - b);
  const classes = shuffled(repeated(CLASSES), uniform);
  const residencies = shuffled(repeated(RESIDENCIES), uniform);
  const kinds = kindsOf();
  const isKind = (index: number) => (kind: JobKind) =>
    kind.workClass === classes[index] && kind.residency === residencies[index];
  const draw = (least: number, most: number): number => least + (most - least) * uniform();
  const rows = Float64Array.from({ length: JOBS });
  return {
    count: JOBS,
    ids: Array.from({ length: JOBS }, (_, index) => `job-${String(index).padStart(4, '0')}`),
    arrival: Float64Array.from(minutes, (minute) => START + minute * MINUTE_MS),
    duration: rows.map(() => Math.round(draw(LEAST.minutes, MOST.minutes)) * MINUTE_MS),
    energy: rows.map(() => Math.round(1000 * draw(LEAST.kwh, MOST.kwh)) / 1000),
    deadline: new Float64Array(JOBS).fill(NaN),
    dataGb: new Float64Array(JOBS),
    kind: Uint32Array.from({ length: JOBS }, (_, index) => kinds.findIndex(isKind(index))),
    kinds,
  };
}

function repeated<Name extends string>(shares: Readonly<Record<Name, number>>): Name[] {
  const entries = Object.entries(shares) as [Name, number][];
  return entries.flatMap(([name, count]) => Array<Name>(count).fill(name));
}

function kindsOf(): readonly JobKind[] {
  return Object.keys(CLASSES).flatMap((workClass) =>
    Object.keys(RESIDENCIES).map((residency) => ({
      ...{ workClass, residency, home: null, interruptible: false, dataRegion: null },
    })),
  );
}
