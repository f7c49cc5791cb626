import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seed000 } from '../../simulation/scenario/seed-000.ts';
import type { Scenario } from '../../simulation/scenario/seed-000.ts';
import type { CommandIo } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { intensityCsv, jobsCsv } from './output/table-csv.ts';

/** Scenarios by name. */
export const SCENARIOS: ReadonlyMap<string, (seed: number) => Scenario> = new Map([['seed-000', seed000]]);

/** A scenario to be written. */
export interface GenerateRequest {
  readonly name: string;
  readonly seed: number;
  readonly folder: string;
}

/**
 * Writes jobs.csv and intensity.csv of a scenario into a folder, which is made where it is missing.
 * @throws UsageError where there is no such scenario, or the files cannot be written.
 */
export async function generate({ name, seed, folder }: GenerateRequest, io: CommandIo): Promise<void> {
  const scenario = SCENARIOS.get(name)?.(seed);
  if (scenario === undefined)
    throw new UsageError([`--generate ${name}: expected ${[...SCENARIOS.keys()].join(', ')}`]);
  const { jobs, intensity } = scenario;
  const files = { jobs: join(folder, 'jobs.csv'), intensity: join(folder, 'intensity.csv') };
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(files.jobs, jobsCsv(jobs));
    await writeFile(files.intensity, intensityCsv(intensity));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError([`--out ${folder}: cannot be written (${why}): name a folder that can`]);
  }
  const regions = intensity.regions.join(', ');
  io.out(`${files.jobs}: ${jobs.count} jobs`);
  io.out(`${files.intensity}: ${intensity.count} rows of ${regions}`);
}
