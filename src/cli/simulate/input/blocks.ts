import { closeSync, openSync, readSync } from 'node:fs';

const [NEWLINE, QUOTE] = [10, 34];
const BLOCK = 1 << 20;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A file in pieces that end where a record does, and no more of it in memory than one of them. */
export class Blocks {
  readonly #file: number;
  #bytes = Buffer.allocUnsafe(BLOCK);
  /** [from, to) is read and not yet given out. */
  #from = 0;
  #to = 0;
  #ended = false;

  constructor(file: string) {
    this.#file = openSync(file, 'r');
    this.#fill();
    if (this.#bytes.subarray(0, Math.min(this.#to, 3)).equals(BYTE_ORDER_MARK)) this.#from = 3;
  }

  /** Valid until the next is asked for; null: that was all. */
  next(): Buffer | null {
    for (;;) {
      const left = this.#bytes.subarray(this.#from, this.#to);
      const length = this.#ended ? left.length : lengthOfRecords(left);
      if (length > 0) {
        this.#from += length;
        return left.subarray(0, length);
      }
      if (this.#ended) return null;
      this.#fill();
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Moves what is left to the front and reads behind it; where that leaves no room, into twice as much. */
  #fill(): void {
    const left = this.#to - this.#from;
    const target = left > this.#bytes.length / 2 ? Buffer.allocUnsafe(2 * this.#bytes.length) : this.#bytes;
    this.#bytes.copy(target, 0, this.#from, this.#to);
    this.#bytes = target;
    const read = readSync(this.#file, target, left, target.length - left, null);
    [this.#from, this.#to, this.#ended] = [0, left + read, read === 0];
  }
}

/** Up to the last line end that is not within quotes; 0: there is none yet. */
function lengthOfRecords(bytes: Buffer): number {
  if (!bytes.includes(QUOTE)) return bytes.lastIndexOf(NEWLINE) + 1;
  let length = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i += 1) {
    if (bytes[i] === QUOTE) quoted = !quoted;
    else if (bytes[i] === NEWLINE && !quoted) length = i + 1;
  }
  return length;
}
