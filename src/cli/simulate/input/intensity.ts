import { region } from '../../../carbon/units.ts';
import type { IntensityTable } from '../../../simulation/types.ts';
import { readTrace } from '../../../sources/csv-trace/client.ts';
import { problemLines } from '../../../sources/csv-trace/problems.ts';
import { UsageError } from '../../usage-error.ts';

/**
 * Reads intensity.csv: `time,<region>[,<region>…]`, gCO2eq/kWh, UTC, a constant step, no value missing.
 * @throws UsageError with a line for everything that is wrong in the file, the first twenty.
 */
export async function readIntensity(file: string): Promise<IntensityTable> {
  const read = await readTrace(file, { complete: true });
  if (!read.ok) throw new UsageError(problemLines(file, read));
  const { start, step, count, columns } = read.trace;
  return {
    ...{ start, step, count },
    regions: columns.map(({ name }) => region(name)),
    columns: columns.map(({ values }) => Float64Array.from(values, (value) => value ?? NaN)),
  };
}
