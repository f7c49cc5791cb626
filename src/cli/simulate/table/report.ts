import { formatDuration } from '../../../policy/duration.ts';
import type { SimulationInput } from '../../../simulation/input.ts';
import type { Report } from '../../../simulation/report.ts';
import type { SimulateOptions } from '../options.ts';
import { alignedLines, figure, mass } from './columns.ts';
import { noteLines } from './notes.ts';

/** What is shown to a person. */
export interface Shown {
  readonly report: Report;
  readonly input: SimulationInput;
  readonly options: Pick<SimulateOptions, 'price'>;
}

/** The report as lines. */
export function reportLines({ report, input, options }: Shown): readonly string[] {
  return [
    ...headLines(report, input, options),
    '',
    ...alignedLines([SUMS, ...sumRows(report)]),
    '',
    `share of the oracle ${percent(report.shareOfOraclePct)}, beyond space ${percent(report.shareBeyondSpacePct)}`,
    '',
    ...alignedLines([CLASSES, ...classRows(report)]),
    '',
    ...consequenceLines(report),
    ...noteLines(report, input),
  ];
}

const SUMS = ['', 'KG CO2EQ', 'SAVED %', 'DELAY, MIN: MEAN', 'P50', 'P95', 'MAX'];
const CLASSES = ['CLASS', 'JOBS', 'SAVED %', 'DELAY, MIN: MEAN', 'P50', 'P95', 'MAX', 'DEADLINES MISSED'];

function headLines(
  { jobs, energyKwh, forecast }: Report,
  input: SimulationInput,
  { price }: Shown['options'],
): string[] {
  const { truth, strategy, durations } = input;
  const own = "each class's own";
  const end = truth.start + truth.count * truth.step;
  const [from, to] = [truth.start, end].map((at) => `${new Date(at).toISOString().slice(0, 16)}Z`);
  return [
    `${jobs} ${jobs === 1 ? 'job' : 'jobs'}, ${figure(energyKwh)} kWh; ${truth.regions.join(', ')}; ${from ?? ''} to ${to ?? ''} by ${formatDuration(truth.step)}`,
    `strategy: ${strategy ?? own}; price: ${price === null ? own : `${price} g/kWh an hour`}; durations: ${durations}`,
    `forecast: ${forecast.kind}; the current slot's value is ${forecast.nowcast ? 'known' : 'not known'}`,
  ];
}

function sumRows({ baseline, otherBaseline, space, schedule, oracle }: Report): readonly (readonly string[])[] {
  const { meanDelayMin, p50DelayMin, p95DelayMin, maxDelayMin } = schedule;
  const other = otherBaseline === null ? [] : [[baselineWords(otherBaseline.kind), mass(otherBaseline.kg)]];
  return [
    [baselineWords(baseline.kind), mass(baseline.kg)],
    ...other,
    ['cleanest region, at arrival', mass(space.kg), figure(space.reductionPct, 2), figure(0)],
    [
      ...['schedule', mass(schedule.kg), figure(schedule.reductionPct, 2)],
      ...[meanDelayMin, p50DelayMin, p95DelayMin, maxDelayMin].map((delay) => figure(delay)),
    ],
    ['oracle (a bound)', mass(oracle.kg), figure(oracle.reductionPct, 2), figure(oracle.meanDelayMin)],
  ];
}

function baselineWords(kind: Report['baseline']['kind']): string {
  return kind === 'random' ? 'baseline: any region, at arrival' : 'baseline: home, at arrival';
}

function classRows({ byClass }: Report): readonly (readonly string[])[] {
  return Object.entries(byClass).map(([name, { jobs, reductionPct, deadlineMisses, ...delays }]) => [
    ...[name, String(jobs), figure(reductionPct, 2)],
    ...[delays.meanDelayMin, delays.p50DelayMin, delays.p95DelayMin, delays.maxDelayMin].map((delay) => figure(delay)),
    String(deadlineMisses),
  ]);
}

function consequenceLines({ schedule, transfer }: Report): readonly string[] {
  const { residencyViolations, deadlineMisses, peakConcurrency, costChangePct, residencyOverrides } = schedule;
  const { ratePct, penaltyKg } = residencyOverrides;
  return [
    `residency violations: ${residencyViolations}; deadlines missed: ${deadlineMisses}; most jobs at once: ${peakConcurrency}`,
    `data moved: ${figure(transfer.gb)} GB in ${transfer.moves} moves, ${mass(transfer.kg)} kg CO2eq, which the schedule includes`,
    `residency kept ${figure(ratePct)} % of the jobs from a cleaner region: ${mass(penaltyKg)} kg CO2eq`,
    `cost of running: ${costChangePct === null ? 'not known, the policy has no cost for some region' : `${signed(costChangePct)} % against the baseline`}`,
  ];
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${figure(value)}`;
}

function percent(value: number | null): string {
  return value === null ? 'not defined, since next to nothing could be saved' : `${figure(value, 2)} %`;
}
