import type { CsvRecord } from './csv-record.ts';

const [DOT, ZERO, NINE] = [46, 48, 57];
/** A whole number of so many digits, and a power of ten up to the 22nd, are exact as doubles: their quotient is the nearest. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a decimal number; NaN: it is none. */
export function numberCell(record: CsvRecord, cell: number): number {
  const { bytes } = record;
  const end = record.end(cell);
  let [whole, digits, decimals, dots] = [0, 0, 0, 0];
  for (let i = record.start(cell); i < end; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      whole = 10 * whole + byte - ZERO;
      digits += 1;
      decimals += dots;
    } else if (byte === DOT && dots === 0) dots = 1;
    else return slowly(record.text(cell));
  }
  return digits > 0 && digits <= EXACT_DIGITS ? whole / (POWERS[decimals] ?? NaN) : slowly(record.text(cell));
}

/** With a sign, an exponent, or more digits. */
function slowly(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN;
}
