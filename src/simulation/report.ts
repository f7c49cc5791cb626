import { at } from '../carbon/forecast/vectors.ts';
import { peakConcurrency } from './figures/concurrency.ts';
import { costChangePct } from './figures/cost.ts';
import { JobAccounts } from './figures/job-figures.ts';
import { Totals } from './figures/totals.ts';
import type { DelayFigures } from './figures/totals.ts';
import type { SimulationInput } from './input.ts';
import type { OracleSchedule } from './oracle-schedule.ts';
import type { BaselineKind } from './problems.ts';
import type { Simulation } from './schedule.ts';

/** A baseline, and what the schedule emits less than it. Masses in kg CO2eq; null: the baseline emits nothing. */
export interface BaselineFigures {
  readonly kind: BaselineKind;
  readonly kg: number;
}

/** The jobs of one class. */
export interface ClassFigures extends DelayFigures {
  readonly jobs: number;
  readonly reductionPct: number | null;
  readonly deadlineMisses: number;
}

/** What a simulation came to, as `lowtide simulate --json` prints it. Masses in kg CO2eq, delays in minutes. */
export interface Report {
  /** All of the file. */
  readonly jobs: number;
  /** Those that could run past the table: in no other figure. */
  readonly unbillable: number;
  readonly energyKwh: number;
  readonly baseline: BaselineFigures;
  readonly schedule: DelayFigures & {
    readonly kg: number;
    /** Null here and below: the baseline emits nothing. */
    readonly reductionPct: number | null;
    /** Runs where residency forbids them. */
    readonly residencyViolations: number;
    readonly deadlineMisses: number;
    readonly peakConcurrency: number;
    /** Null: a region has no cost in the policy. */
    readonly costChangePct: number | null;
    /** Share of jobs that would have been cleaner in a region that residency forbids, and by how much. */
    readonly residencyOverrides: { readonly ratePct: number; readonly penaltyKg: number };
  };
  readonly oracle: {
    readonly kg: number;
    readonly reductionPct: number | null;
    readonly meanDelayMin: number | null;
  };
  /** Every job through from its arrival, in the permitted region where that emits least: what place alone can save. */
  readonly space: { readonly kg: number; readonly reductionPct: number | null };
  /** Null: the oracle saves less than 0.01 % of what it is measured from. */
  readonly shareOfOraclePct: number | null;
  readonly shareBeyondSpacePct: number | null;
  readonly forecast: { readonly kind: string; readonly nowcast: boolean };
  readonly byClass: Readonly<Record<string, ClassFigures>>;
  /** The baseline that was not asked for, where it exists. */
  readonly otherBaseline: (BaselineFigures & { readonly reductionPct: number | null }) | null;
  /** Data that was moved; its emissions are part of the schedule's. */
  readonly transfer: { readonly moves: number; readonly gb: number; readonly kg: number };
}

/** What a report is made from, beside the input. */
export interface ReportOptions {
  readonly baseline: BaselineKind;
  readonly oracle: OracleSchedule;
}

/** Adds everything up. */
export function reportOf(input: SimulationInput, simulation: Simulation, options: ReportOptions): Report {
  const { all, classes } = totalsOf(input, simulation, options.oracle);
  const baseline = emittedBy(options.baseline, all);
  const { transfer } = simulation;
  return {
    jobs: input.jobs.count,
    unbillable: input.jobs.count - all.jobs,
    energyKwh: all.energyKwh,
    baseline: { kind: options.baseline, kg: kg(baseline) },
    schedule: scheduleOf({ input, simulation, all }, options.baseline),
    oracle: {
      kg: kg(all.oracle),
      reductionPct: savedPct(baseline, all.oracle),
      meanDelayMin: all.jobs === 0 ? null : all.oracleDelay / all.jobs / MINUTE_MS,
    },
    space: { kg: kg(all.space), reductionPct: savedPct(baseline, all.space) },
    shareOfOraclePct: shareOfGap(baseline, all),
    shareBeyondSpacePct: shareOfGap(all.space, all),
    forecast: { kind: input.forecast.kind, nowcast: input.nowcast },
    byClass: Object.fromEntries([...classes].map(([name, totals]) => [name, classOf(totals, options.baseline)])),
    otherBaseline: otherOf(options.baseline, all),
    transfer: { moves: transfer.moves, gb: transfer.gb, kg: kg(transfer.grams) },
  };
}

const MINUTE_MS = 60_000;
/** Share of what is measured from, below which a gap is none. */
const LEAST_GAP = 1e-4;

interface Summed {
  readonly all: Totals;
  readonly classes: ReadonlyMap<string, Totals>;
}

function totalsOf(input: SimulationInput, simulation: Simulation, { grams, delay }: OracleSchedule): Summed {
  const accounts = new JobAccounts(input, simulation);
  const all = new Totals();
  const classes = new Map<string, Totals>();
  for (let job = 0; job < input.jobs.count; job += 1) {
    const figures = accounts.of(job);
    if (figures === null) continue;
    const oracle = { grams: at(grams, job), delay: at(delay, job) };
    const ofClass = classes.get(figures.workClass) ?? new Totals();
    classes.set(figures.workClass, ofClass);
    all.add(figures, oracle);
    ofClass.add(figures, oracle);
  }
  return { all, classes };
}

interface Outcome {
  readonly input: SimulationInput;
  readonly simulation: Simulation;
  readonly all: Totals;
}

function scheduleOf({ input, simulation, all }: Outcome, baseline: BaselineKind): Report['schedule'] {
  return {
    kg: kg(all.grams),
    reductionPct: savedPct(emittedBy(baseline, all), all.grams),
    ...all.delays(),
    residencyViolations: all.violations,
    deadlineMisses: all.misses,
    peakConcurrency: peakConcurrency(simulation),
    costChangePct: costChangePct(input, simulation, baseline),
    residencyOverrides: {
      ratePct: all.jobs === 0 ? 0 : (100 * all.overrides) / all.jobs,
      penaltyKg: kg(all.penalty),
    },
  };
}

function classOf(totals: Totals, baseline: BaselineKind): ClassFigures {
  return {
    jobs: totals.jobs,
    reductionPct: savedPct(emittedBy(baseline, totals), totals.grams),
    ...totals.delays(),
    deadlineMisses: totals.misses,
  };
}

function otherOf(asked: BaselineKind, all: Totals): Report['otherBaseline'] {
  const kind = asked === 'random' ? 'home' : 'random';
  if (kind === 'home' && (all.home === null || all.jobs === 0)) return null;
  const emitted = emittedBy(kind, all);
  return { kind, kg: kg(emitted), reductionPct: savedPct(emitted, all.grams) };
}

function emittedBy(baseline: BaselineKind, all: Totals): number {
  return baseline === 'random' ? all.random : (all.home ?? NaN);
}

/** How much of what could be saved from there was saved; null: next to nothing could. */
function shareOfGap(from: number, { grams, oracle }: Totals): number | null {
  const gap = from - oracle;
  return gap < LEAST_GAP * from || from === 0 ? null : (100 * (from - grams)) / gap;
}

function savedPct(from: number, to: number): number | null {
  return from === 0 ? null : (100 * (from - to)) / from;
}

function kg(grams: number): number {
  return grams / 1000;
}
