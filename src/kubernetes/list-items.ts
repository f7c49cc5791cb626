const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = Buffer.from('"\\{}[]');
const PLACEHOLDER = Buffer.from('null');
/** How deep an array `items` lies in a list object; no other array is at this depth. */
const ITEMS_DEPTH = 2;

/**
 * Takes a Kubernetes list apart while it arrives: each of its items is handed over as soon as it is whole, so that one
 * item is in memory and not a page of them. It only finds the ends of items; JSON.parse judges them, and the frame.
 */
export class ListItems {
  readonly #take: (item: string) => void;
  readonly #frame: Buffer[] = [];
  #item: Buffer[] = [];
  #depth = 0;
  #inItems = false;
  #inItem = false;
  #inString = false;
  #escaped = false;
  /** Where in the chunk at hand begins what is not yet kept. */
  #from = 0;

  constructor(take: (item: string) => void) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    this.#from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#inString) this.#string(byte);
      else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(chunk, at);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(chunk, at);
    }
    this.#keep(chunk, chunk.length);
  }

  /** The list without its items, each replaced by null. */
  frame(): string {
    return Buffer.concat(this.#frame).toString('utf8');
  }

  #string(byte: number | undefined): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #open(chunk: Buffer, at: number): void {
    if (this.#inItems && this.#depth === ITEMS_DEPTH) {
      this.#keep(chunk, at);
      this.#frame.push(PLACEHOLDER);
      this.#inItem = true;
    }
    this.#depth += 1;
    if (this.#depth === ITEMS_DEPTH) this.#inItems = chunk[at] === OPEN_ARRAY;
  }

  #close(chunk: Buffer, at: number): void {
    this.#depth -= 1;
    if (!this.#inItem || this.#depth !== ITEMS_DEPTH) return;
    this.#keep(chunk, at + 1);
    this.#inItem = false;
    const item = Buffer.concat(this.#item).toString('utf8');
    this.#item = [];
    this.#take(item);
  }

  // A copy: a slice of a few bytes would keep the whole chunk alive.
  #keep(chunk: Buffer, end: number): void {
    const piece = Buffer.from(chunk.subarray(this.#from, end));
    (this.#inItem ? this.#item : this.#frame).push(piece);
    this.#from = end;
  }
}
