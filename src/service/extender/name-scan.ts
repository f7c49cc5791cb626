import { ExtenderError } from './errors.ts';
import { EMPTY_HASH, hashed } from './name-table.ts';
import type { NameTable } from './name-table.ts';
import { isNameList, tryParse } from './request.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The shortest name is two quotes and a comma. */
const SHORTEST = 3;
/** What a byte past the end counts as: a control character, which no name holds. */
const NOTHING = 0;

/** A list of names in JSON, and where each of them stands. */
export interface ScannedNames {
  /** The text between the brackets, as JSON.stringify would write it. */
  readonly text: Buffer;
  /** Name i, in its quotes, stands at starts[i] up to starts[i + 1] - 1; one entry more than there are names. */
  readonly starts: Uint32Array;
  /** For each name the number of its place in the table. */
  readonly placeOf: Uint32Array;
}

/** Finds names and their places in one pass over the bytes, without making a string of any. */
export class NameScanner {
  readonly #table: NameTable;
  #starts = new Uint32Array(0);
  #placeOf = new Uint32Array(0);

  constructor(table: NameTable) {
    this.#table = table;
  }

  /**
   * Scans the text between the brackets. What is not in kube-scheduler's own encoding (spaces, escapes) is parsed and
   * written anew first.
   * @throws ExtenderError where the text is not a list of strings.
   */
  scan(text: Buffer): ScannedNames {
    const plain = text.includes(BACKSLASH) ? null : this.#scan(text);
    if (plain !== null) return plain;
    const names = tryParse(`[${text.toString('utf8')}]`);
    if (names === undefined) throw new ExtenderError('extender-not-json');
    const rewritten = isNameList(names) ? this.#scan(Buffer.from(JSON.stringify(names).slice(1, -1))) : null;
    if (rewritten === null) throw new ExtenderError('extender-no-nodes');
    return rewritten;
  }

  /** Null where the text is not written as JSON.stringify writes it. */
  #scan(text: Buffer): ScannedNames | null {
    this.#reserve(Math.ceil(text.length / SHORTEST) + 1);
    let count = 0;
    for (let at = 0; at < text.length; count += 1) {
      const end = this.#name(text, at, count);
      const next = text[end];
      if (end === 0 || (next !== undefined && next !== COMMA) || (next === COMMA && end + 1 === text.length))
        return null;
      at = end + 1;
    }
    this.#starts[count] = text.length + 1;
    return { text, starts: this.#starts.slice(0, count + 1), placeOf: this.#placeOf.slice(0, count) };
  }

  /** Takes in the name that starts here, and gives its end; 0 where none does. */
  #name(text: Buffer, start: number, count: number): number {
    if (text[start] !== QUOTE) return 0;
    let hash = hashed(EMPTY_HASH, QUOTE);
    let at = start + 1;
    for (let byte = text[at] ?? NOTHING; byte !== QUOTE; byte = text[at] ?? NOTHING) {
      if (byte < SPACE) return 0;
      hash = hashed(hash, byte);
      at += 1;
      if (byte !== BACKSLASH) continue;
      hash = hashed(hash, text[at] ?? NOTHING);
      at += 1;
    }
    this.#starts[count] = start;
    this.#placeOf[count] = this.#table.find(text, start, at + 1, hashed(hash, QUOTE));
    return at + 1;
  }

  #reserve(names: number): void {
    if (this.#starts.length >= names) return;
    this.#starts = new Uint32Array(names);
    this.#placeOf = new Uint32Array(names);
  }
}
