import { join } from 'node:path';
import type { Report } from '../../../src/simulation/report.ts';
import { simulate } from './lowtide.ts';
import { mean, meanText } from './row.ts';
import type { Ground, Row } from './row.ts';

export const WAIT_AWHILE_FILES = ['ml-project-2020-jobs.csv', 'gb-2020-30min.csv'] as const;

const FILES = `--jobs $TRACES/${WAIT_AWHILE_FILES[0]} --intensity $TRACES/${WAIT_AWHILE_FILES[1]}`;

interface Case {
  readonly benchmark: string;
  readonly known: string;
  /** Least saving, percent; null: none is promised. */
  readonly goal: number | null;
  readonly flags: string;
  /** Noise is drawn from the seed. */
  readonly isDrawn: boolean;
}

const CASES: readonly Case[] = [
  {
    benchmark:
      "Let's Wait Awhile, ML project, semi-weekly, interrupting, Great Britain, 5 % independent noise, denoised",
    known: 'published method 19.75 %, oracle 20.09 %',
    goal: 19.85,
    flags: '--strategy interruptible --forecast noise:5%',
    isDrawn: true,
  },
  {
    benchmark: 'the same, own rolling forecast, with nowcast',
    known: 'plain 15.66 %, best prototype 16.23 %',
    goal: 16.2,
    flags: '--strategy interruptible --forecast rolling --nowcast=true',
    isDrawn: false,
  },
  {
    benchmark: 'the same, own rolling forecast, without nowcast',
    known: 'best prototype 16.02 %',
    goal: null,
    flags: '--strategy interruptible --forecast rolling --nowcast=false',
    isDrawn: false,
  },
  {
    benchmark: 'the same, contiguous, 5 % independent noise, denoised',
    known: 'oracle 14.83 %',
    goal: 14.8,
    flags: '--strategy window --forecast noise:5%',
    isDrawn: true,
  },
];

/** The paper's Scenario II with strict deadlines and a baseline that starts at arrival. */
export function waitAwhileRows(ground: Ground, traces: string): Promise<readonly Row[]> {
  return Promise.all(CASES.map((known) => rowOf(known, ground, traces)));
}

async function rowOf(
  { benchmark, known, goal, flags, isDrawn }: Case,
  { seeds }: Ground,
  traces: string,
): Promise<Row> {
  const [jobs, intensity] = WAIT_AWHILE_FILES;
  const files = ['--jobs', join(traces, jobs), '--intensity', join(traces, intensity), ...flags.split(' ')];
  const drawn = isDrawn ? seeds : [0];
  const reports = await Promise.all(drawn.map((seed) => simulate([...files, '--seed', String(seed)])));
  const saved = reports.map(({ schedule }) => schedule.reductionPct ?? NaN);
  console.log(`  ${benchmark}: ${meanText(saved)} %`);
  return {
    benchmark,
    known,
    goal: goal === null ? '–' : `≥ ${goal} %`,
    measured: `${meanText(saved)} %${missesText(reports)}`,
    reached: goal === null ? null : mean(saved) >= goal && missesText(reports) === '',
    command: `lowtide simulate ${FILES} ${flags}${isDrawn ? ' --seed N' : ''}`,
  };
}

function missesText(reports: readonly Report[]): string {
  const missed = reports.reduce((sum, { schedule, unbillable }) => sum + schedule.deadlineMisses + unbillable, 0);
  return missed === 0 ? '' : `; ${missed} deadlines missed or jobs not billed`;
}
