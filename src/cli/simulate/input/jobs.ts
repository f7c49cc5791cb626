import type { JobTable } from '../../../simulation/types.ts';
import { Problems, problemLines } from '../../../sources/csv-trace/problems.ts';
import { UsageError } from '../../usage-error.ts';
import type { Header } from './header.ts';
import { readHeader } from './header.ts';
import { JobRows } from './job-rows.ts';
import { eachRecord } from './records.ts';

/** Jobs as a file lists them. */
export interface JobsFile {
  readonly file: string;
  readonly jobs: JobTable;
  /** The line that each job stands on. */
  readonly lines: Float64Array;
}

/**
 * Reads jobs.csv: `id,arrival,class,duration_min,energy_kwh,residency` and the optional columns, in any order.
 * @throws UsageError with a line for everything that is wrong in the file, the first twenty.
 */
export function readJobs(file: string): JobsFile {
  const problems = new Problems();
  const read = rowsOf(file, problems);
  if (read === null && problems.none) {
    problems.add(
      1,
      'the file is empty: the first line is the header id,arrival,class,duration_min,energy_kwh,residency',
    );
  }
  const { jobs, lines } = read?.table() ?? { jobs: null, lines: new Float64Array() };
  if (jobs?.count === 0 && problems.none) problems.add(1, 'there is no job below the header: give at least one');
  if (jobs === null || !problems.none) throw new UsageError(problemLines(file, problems.list()));
  return { file, jobs, lines };
}

function rowsOf(file: string, problems: Problems): JobRows | null {
  let rows: JobRows | null = null;
  let header: Header | null = null;
  try {
    eachRecord(file, problems, (record) => {
      if (header === null) {
        header = readHeader(record, problems);
        // Without its columns every row would be wrong: one fault, one error.
        if (problems.none) rows = new JobRows(header, problems);
      } else rows?.add(record);
    });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (why === null) throw error;
    problems.add(null, `cannot be read (${why}): name a readable CSV file`);
  }
  return rows;
}
