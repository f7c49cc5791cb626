import { quote } from '../../../sources/csv-trace/cells.ts';
import type { Problems } from '../../../sources/csv-trace/problems.ts';
import type { CsvRecord } from './csv-record.ts';

const REQUIRED = ['id', 'arrival', 'class', 'duration_min', 'energy_kwh', 'residency'] as const;
const OPTIONAL = ['home_region', 'interruptible', 'deadline', 'data_gb', 'data_region'] as const;

/** A column of jobs.csv that is read. */
export type JobColumn = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/** Where each column stands; -1: the file has none of the name. `cells`: how many the header has in all. */
export interface Header {
  readonly at: Readonly<Record<JobColumn, number>>;
  readonly cells: number;
}

/** Reads the header, its columns in any order and others among them. */
export function readHeader(record: CsvRecord, problems: Problems): Header {
  const names = Array.from({ length: record.cells }, (_, cell) => record.text(cell));
  const columns: readonly JobColumn[] = [...REQUIRED, ...OPTIONAL];
  for (const name of columns) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      problems.add(record.line, `column ${quote(name)} appears twice: each name stands once`);
    }
  }
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    problems.add(
      record.line,
      `the header ${quote(names.join(','))} lacks ${missing.join(', ')}: it must have ${REQUIRED.join(',')} ` +
        `and may have ${OPTIONAL.join(',')}`,
    );
  }
  const at = Object.fromEntries(columns.map((name) => [name, names.indexOf(name)])) as Header['at'];
  return { at, cells: record.cells };
}
