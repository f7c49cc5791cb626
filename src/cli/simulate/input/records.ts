import { CsvError, parse } from 'csv-parse/sync';
import type { Problems } from '../../../sources/csv-trace/problems.ts';
import { Blocks } from './blocks.ts';
import { CsvRecord } from './csv-record.ts';

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34];

/**
 * Reads a CSV file record by record, the header first; blank lines are passed over. `visit` gets the same object every time.
 *
 * csv-parse takes 5 s for a million plain rows, most of it for what they do not have: so lines are cut at their commas
 * here, and a block of the file in which there is a quote is csv-parse's. Only one block is in memory.
 * @throws the system's error where the file cannot be read.
 */
export function eachRecord(file: string, problems: Problems, visit: (record: CsvRecord) => void): void {
  const blocks = new Blocks(file);
  const record = new CsvRecord();
  try {
    let line: number | null = 1;
    for (let bytes = blocks.next(); bytes !== null && line !== null; bytes = blocks.next()) {
      const place: Place = { record, line, visit };
      line = bytes.includes(QUOTE) ? quotedLines(bytes, place, problems) : plainLines(bytes, place);
    }
  } finally {
    blocks.close();
  }
}

interface Place {
  readonly record: CsvRecord;
  /** Of the block's first. */
  readonly line: number;
  readonly visit: (record: CsvRecord) => void;
}

function plainLines(bytes: Buffer, { record, line: first, visit }: Place): number {
  let line = first;
  for (let from = 0; from < bytes.length; line += 1) {
    const found = bytes.indexOf(NEWLINE, from);
    const next = found < 0 ? bytes.length : found + 1;
    const to = found < 0 ? bytes.length : found;
    record.takeLine(bytes, from, to > from && bytes[to - 1] === RETURN ? to - 1 : to);
    record.line = line;
    if (record.cells > 1 || !record.isEmpty(0)) visit(record);
    from = next;
  }
  return line;
}

/** The line after the block; null: it is not CSV, and where the next record begins cannot be known. */
function quotedLines(bytes: Buffer, { record, line, visit }: Place, problems: Problems): number | null {
  const options = { info: true, trim: true, relax_column_count: true, skip_empty_lines: true } as const;
  try {
    const rows: unknown = parse(bytes, { ...options, record_delimiter: ['\r\n', '\n'] });
    for (const { record: cells, info } of rows as { record: string[]; info: { lines: number } }[]) {
      record.takeCells(cells);
      record.line = line + info.lines - 1;
      visit(record);
    }
    return line + newlines(bytes);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    problems.add(...problemOf(error, line));
    return null;
  }
}

/** csv-parse counts lines from the block's first, and names them in its words too. */
function problemOf(error: CsvError, line: number): readonly [number, string] {
  const why = QUOTES[error.code] ?? error.code;
  // What is left after all whole records begins with the one that does not end.
  const at = error.code === 'CSV_QUOTE_NOT_CLOSED' ? line : line + Number(error['lines']) - 1;
  return [at, `this is not CSV (${why}): cells with commas or quotes stand in double quotes, quotes in them twice`];
}

const QUOTES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands within a cell that does not begin with one',
};

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let from = bytes.indexOf(NEWLINE); from >= 0; from = bytes.indexOf(NEWLINE, from + 1)) count += 1;
  return count;
}
