import type { SimulationInput } from '../../simulation/input.ts';
import { oracleSchedule } from '../../simulation/oracle-schedule.ts';
import { reportOf } from '../../simulation/report.ts';
import type { Report } from '../../simulation/report.ts';
import type { Simulation } from '../../simulation/schedule.ts';
import { simulate } from '../../simulation/simulate.ts';
import type { SimulateOptions } from './options.ts';
import type { ProgressBar } from './progress.ts';
import { sweepPrices } from './sweep.ts';
import type { SweepPoint } from './sweep.ts';

/** What came of a simulation. */
export interface Outcome {
  readonly simulation: Simulation;
  readonly report: Report;
  /** Null: no sweep was asked for. */
  readonly sweep: readonly SweepPoint[] | null;
}

/** Runs the simulation, and with a sweep once more for every price. */
export function outcomeOf(
  input: SimulationInput,
  { baseline, sweep }: Pick<SimulateOptions, 'baseline' | 'sweep'>,
  bar: ProgressBar,
): Outcome {
  const prices = sweep ? sweepPrices(input.truth) : [];
  const rounds = prices.length + 1;
  bar.show('finding the least that is possible', 0);
  // The same for every price, since it pays none.
  const oracle = oracleSchedule(input);
  const roundOf = (index: number, price: number | null): Omit<Outcome, 'sweep'> => {
    const onProgress = (share: number): void => {
      bar.show(rounds === 1 ? 'simulating' : `simulating, ${index + 1} of ${rounds}`, (index + share) / rounds);
    };
    const simulation = simulate({ ...input, price, onProgress });
    return { simulation, report: reportOf(input, simulation, { baseline, oracle }) };
  };
  const points = prices.map((price, index) => ({ price, report: roundOf(index, price).report }));
  return { ...roundOf(prices.length, input.price), sweep: sweep ? points : null };
}
