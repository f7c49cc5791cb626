import { parseTime } from '../../../policy/rfc3339.ts';
import type { CsvRecord } from './csv-record.ts';

const ZERO = 48;
/** What an ordinary time looks like; `0`: a digit. */
const ORDINARY = Buffer.from('0000-00-00T00:00:00Z');
const [HOUR_MS, MINUTE_MS, SECOND_MS] = [3_600_000, 60_000, 1000];

/** Reads RFC 3339 times of one column; rows that lie close together share the work that their date takes. */
export class TimeReader {
  #date = -1;
  #midnight = NaN;

  /** Milliseconds since the epoch; NaN: it is no time. */
  read(record: CsvRecord, cell: number): number {
    const { bytes } = record;
    const from = record.start(cell);
    if (record.end(cell) - from !== ORDINARY.length || !isOrdinary(bytes, from)) return slowly(record.text(cell));
    const date =
      pair(bytes, from) * 1e6 + pair(bytes, from + 2) * 1e4 + pair(bytes, from + 5) * 100 + pair(bytes, from + 8);
    const [hours, minutes, seconds] = [pair(bytes, from + 11), pair(bytes, from + 14), pair(bytes, from + 17)];
    if (hours > 23 || minutes > 59 || seconds > 59) return NaN;
    if (date !== this.#date) {
      this.#date = date;
      this.#midnight = slowly(`${bytes.toString('latin1', from, from + 11)}00:00:00Z`);
    }
    return this.#midnight + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
  }
}

function isOrdinary(bytes: Buffer, from: number): boolean {
  for (let i = 0; i < ORDINARY.length; i += 1) {
    const [byte, wanted] = [bytes[from + i] ?? 0, ORDINARY[i]];
    if (wanted === ZERO ? byte < ZERO || byte > ZERO + 9 : byte !== wanted) return false;
  }
  return true;
}

function pair(bytes: Buffer, from: number): number {
  return 10 * ((bytes[from] ?? 0) - ZERO) + (bytes[from + 1] ?? 0) - ZERO;
}

/** With an offset, fractions of a second, small letters. */
function slowly(text: string): number {
  return parseTime(text) ?? NaN;
}
