import { openForecast } from '../../simulation/forecast/open.ts';
import type { ForecastSpec } from '../../simulation/forecast/spec.ts';
import type { SimulationInput } from '../../simulation/input.ts';
import { problemsOf } from '../../simulation/problems.ts';
import type { BaselineKind, SimulationProblem } from '../../simulation/problems.ts';
import { reachOf } from '../../simulation/time-left.ts';
import type { IntensityTable } from '../../simulation/types.ts';
import { UsageError } from '../usage-error.ts';
import { readIntensity } from './input/intensity.ts';
import { readJobs } from './input/jobs.ts';
import type { JobsFile } from './input/jobs.ts';
import { isComparison } from './names.ts';
import type { SimulateOptions } from './options.ts';
import { policyOf } from './policy.ts';

/**
 * Reads all that a simulation needs.
 * @throws UsageError with a line for everything in the files that is not accepted.
 */
export async function readInput(options: SimulateOptions): Promise<SimulationInput> {
  const policy = await policyOf(options.policy);
  const truth = await readIntensity(options.intensity);
  const foretold = await foretoldOf(options, truth);
  const file = readJobs(options.jobs);
  const { strategy, nowcast, durations, price, capacity, seed } = options;
  const input = { jobs: file.jobs, truth, policy, strategy, nowcast, durations, price, capacity };
  const problems = [...limitProblems(options, truth), ...inputProblems(input, options, file)];
  if (problems.length > 0) throw new UsageError(problems);
  const raw = strategy !== null && isComparison(strategy);
  const reach = reachOf(input);
  const forecast = openForecast(options.forecast, {
    ...{ truth, nowcast, seed, reach, raw },
    ...(foretold === null ? {} : { file: foretold }),
  });
  return { ...input, forecast };
}

async function foretoldOf(
  { forecast }: { readonly forecast: ForecastSpec },
  { regions }: IntensityTable,
): Promise<IntensityTable | null> {
  if (forecast.kind !== 'file') return null;
  const table = await readIntensity(forecast.path);
  if (table.regions.some((name) => regions.includes(name))) return table;
  throw new UsageError([
    `--forecast file:${forecast.path}: foretells ${table.regions.join(', ')}: expected ${regions.join(', ')}`,
  ]);
}

function limitProblems({ capacity, intensity }: SimulateOptions, { regions }: IntensityTable): readonly string[] {
  return [...capacity.keys()]
    .filter((name) => !regions.includes(name))
    .map((name) => `--capacity ${name}: ${intensity} has ${regions.join(', ')}`);
}

type Checked = Parameters<typeof problemsOf>[0];

function inputProblems(
  input: Checked,
  { intensity, baseline }: { readonly intensity: string; readonly baseline: BaselineKind },
  { file, jobs, lines }: JobsFile,
): readonly string[] {
  const placeOf = ({ job }: SimulationProblem): string =>
    job === null ? `${intensity}:1` : `${file}:${lines[jobs.ids.indexOf(job)] ?? 0}`;
  return problemsOf(input, baseline).map((problem) => `${placeOf(problem)}: ${problem.message}`);
}
