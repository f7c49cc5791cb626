import type { SimulateFlags } from './options.ts';

/** Flags of a simulation that mean nothing where a scenario is written. */
const OF_SIMULATION = [
  ...['jobs', 'intensity', 'policy', 'strategy', 'forecast', 'nowcast', 'durations', 'baseline', 'price'],
  ...['sweep', 'capacity', 'chart', 'json'],
] as const satisfies readonly (keyof SimulateFlags)[];

/** Flags that do not go together, or lack one another: a line for each. */
export function contradictions(flags: SimulateFlags): readonly string[] {
  return flags.generate === undefined ? ofSimulation(flags) : ofGenerating(flags);
}

function ofGenerating(flags: SimulateFlags): readonly string[] {
  const idle = OF_SIMULATION.filter((flag) => flags[flag] !== undefined).map((flag) => `--${flag}`);
  const found = idle.length === 0 ? [] : [`--generate writes files alone: leave ${idle.join(', ')} out`];
  return flags.out === undefined ? [...found, '--generate needs --out DIR: the folder to write into'] : found;
}

function ofSimulation({ jobs, intensity, sweep, price, out }: SimulateFlags): readonly string[] {
  const found: readonly (readonly [boolean, string])[] = [
    [jobs === undefined, '--jobs FILE is missing: a list of jobs (or --generate NAME makes one)'],
    [intensity === undefined, '--intensity FILE is missing: the carbon intensity of their regions'],
    [sweep === true && price !== undefined, '--sweep tries prices of its own: leave --price out'],
    [sweep === true && out !== undefined, '--out writes one schedule and --sweep makes many: leave one out'],
  ];
  return found.flatMap(([wrong, line]) => (wrong ? [line] : []));
}
