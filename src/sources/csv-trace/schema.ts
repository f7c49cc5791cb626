import { CsvError, parse } from 'csv-parse/sync';
import type { Trace } from '../../carbon/trace.ts';
import type { GramsPerKwh } from '../../carbon/units.ts';
import { intensityCell, quote } from './cells.ts';
import { Problems } from './problems.ts';
import type { TraceProblem } from './problems.ts';
import { Timeline } from './timeline.ts';

/** The outcome of reading a trace: a trace, or its errors, the first twenty in full and the rest counted. */
export type TraceResult =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly problems: readonly TraceProblem[]; readonly more: number };

/** What a reader demands beyond the format. */
export interface TraceDemands {
  /** No cell may be empty. */
  readonly complete?: boolean;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Reads `time,<column>[,<column>…]`: one row a step, constant step, UTC, gCO2eq/kWh, average and lifecycle. */
export function parseTrace(text: string, { complete = false }: TraceDemands = {}): TraceResult {
  const problems = new Problems();
  const [header, ...rows] = readRows(text, problems);
  if (header === undefined) {
    if (problems.none) problems.add(1, 'the file is empty: the first line is the header time,<column>[,<column>…]');
    return { ok: false, ...problems.list() };
  }
  const names = columnNames(header, problems);
  const trace = readTable(names, rows, problems);
  if (trace !== null && complete && problems.none) refuseGaps(trace, rows, problems);
  return trace !== null && problems.none ? { ok: true, trace } : { ok: false, ...problems.list() };
}

function readRows(text: string, problems: Problems): Row[] {
  try {
    const options = { bom: true, info: true, trim: true, relax_column_count: true, skip_empty_lines: true } as const;
    const records = parse(text, { ...options, record_delimiter: ['\r\n', '\n'] });
    return (records as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      line: info.lines,
      cells: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : null;
    problems.add(line, `this is not CSV (${error.message}): cells with commas or quotes stand in double quotes`);
    return [];
  }
}

function columnNames({ cells, line }: Row, problems: Problems): readonly string[] {
  const [time = '', ...names] = cells;
  if (time !== 'time')
    problems.add(line, `the header begins with ${quote(time)}: it must be time,<column>[,<column>…]`);
  if (names.length === 0) problems.add(line, 'the header names no column: name a region or grid zone after time');
  const seen = new Set(['time']);
  names.forEach((name, index) => {
    if (name === '') problems.add(line, `column ${index + 2} has no name: name a region or grid zone`);
    else if (seen.has(name)) problems.add(line, `column ${quote(name)} appears twice: each name stands once`);
    seen.add(name);
  });
  return names;
}

function readTable(names: readonly string[], rows: readonly Row[], problems: Problems): Trace | null {
  const timeline = new Timeline(problems);
  const values = names.map((): (GramsPerKwh | null)[] => []);
  for (const { line, cells } of rows) {
    const [time = '', ...intensities] = cells;
    timeline.add(line, time);
    if (intensities.length !== names.length) {
      problems.add(line, `${cells.length} cells, where the header has ${names.length + 1}: give each column a cell`);
      continue;
    }
    values.forEach((column, index) => {
      const cell = intensityCell(intensities[index] ?? '');
      if (!cell.ok) problems.add(line, `column ${quote(names[index] ?? '')}: ${cell.why}`);
      column.push(cell.ok ? cell.value : null);
    });
  }
  const steps = timeline.end();
  if (steps === null) return null;
  return { columns: names.map((name, index) => ({ name, values: values[index] ?? [] })), ...steps, count: rows.length };
}

function refuseGaps({ columns }: Trace, rows: readonly Row[], problems: Problems): void {
  for (const { name, values } of columns) {
    rows.forEach(({ line }, index) => {
      if (values[index] !== null) return;
      problems.add(line, `column ${quote(name)} is empty: every row needs a value, gCO2eq/kWh from 0 up`);
    });
  }
}
