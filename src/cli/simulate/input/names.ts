import type { CsvRecord } from './csv-record.ts';

/** More names than this are found by their text and not by looking through all. */
const FEW = 12;

/** The different values of a column that repeats a few, each with a number: no string is made for one that was seen. */
export class Names {
  readonly values: string[] = [];
  readonly #bytes: Buffer[] = [];
  readonly #byText = new Map<string, number>();

  /** The number of a cell's value, counted from 0 in the order of appearance; an empty cell's is -1. */
  index(record: CsvRecord, cell: number): number {
    if (record.isEmpty(cell)) return -1;
    const [from, to] = [record.start(cell), record.end(cell)];
    const few = Math.min(FEW, this.#bytes.length);
    for (let i = 0; i < few; i += 1) {
      const known = this.#bytes[i];
      if (known?.length === to - from && isSame(known, record.bytes, from)) return i;
    }
    return this.#byName(record.text(cell));
  }

  #byName(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const index = this.values.push(text) - 1;
    this.#byText.set(text, index);
    if (index < FEW) this.#bytes.push(Buffer.from(text, 'utf8'));
    return index;
  }
}

function isSame(known: Buffer, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < known.length; i += 1) {
    if (known[i] !== bytes[from + i]) return false;
  }
  return true;
}
