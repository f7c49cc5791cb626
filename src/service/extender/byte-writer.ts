/** Fills a buffer of known size from its beginning. Byte by byte: for pieces of a name's length a call of `set` costs more. */
export class ByteWriter {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** Appends the bytes of `source` from `start` up to `end`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const buffer = this.#buffer;
    let at = this.#at;
    for (let i = start; i < end; i += 1, at += 1) buffer[at] = source[i] ?? 0;
    this.#at = at;
  }

  /** Appends all bytes of `source`. */
  put(source: Uint8Array): void {
    this.copy(source, 0, source.length);
  }

  /** Takes back the last byte: the comma after the last of a list. */
  back(): void {
    this.#at -= 1;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** What has been written. */
  get written(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }
}
