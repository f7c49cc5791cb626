const [TAB, SPACE, COMMA] = [9, 32, 44];
const MOST_CELLS = 64;

/**
 * One record of a CSV file, as the places of its cells in the file's bytes: a million rows are read without a string for
 * each cell. One object serves every record of a file.
 */
export class CsvRecord {
  /** Counted from 1. */
  line = 0;
  /** Those beyond the sixty-fourth are counted and not kept. */
  cells = 0;
  bytes: Buffer = Buffer.alloc(0);
  readonly #from = new Int32Array(MOST_CELLS);
  readonly #to = new Int32Array(MOST_CELLS);

  /** Takes a plain line, [from, to) of the bytes: what stands between commas, without the blanks around it. */
  takeLine(bytes: Buffer, from: number, to: number): void {
    this.bytes = bytes;
    this.cells = 0;
    let start = from;
    for (let i = from; i < to; i += 1) {
      if (bytes[i] !== COMMA) continue;
      this.#add(start, i);
      start = i + 1;
    }
    this.#add(start, to);
  }

  /** Takes cells that a parser has read. */
  takeCells(cells: readonly string[]): void {
    this.bytes = Buffer.from(cells.join(''), 'utf8');
    this.cells = 0;
    let start = 0;
    for (const cell of cells) {
      const end = start + Buffer.byteLength(cell, 'utf8');
      this.#add(start, end);
      start = end;
    }
  }

  #add(start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && isBlank(this.bytes[from])) from += 1;
    while (to > from && isBlank(this.bytes[to - 1])) to -= 1;
    if (this.cells < MOST_CELLS) {
      this.#from[this.cells] = from;
      this.#to[this.cells] = to;
    }
    this.cells += 1;
  }

  /** Where a cell begins in the bytes. */
  start(cell: number): number {
    return this.#from[cell] ?? 0;
  }

  /** Where it ends. */
  end(cell: number): number {
    return this.#to[cell] ?? 0;
  }

  /** Also where the file has no such column: -1. */
  isEmpty(cell: number): boolean {
    return cell < 0 || this.start(cell) === this.end(cell);
  }

  text(cell: number): string {
    return cell < 0 ? '' : this.bytes.toString('utf8', this.start(cell), this.end(cell));
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
