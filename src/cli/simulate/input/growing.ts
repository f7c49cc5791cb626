/** A column of numbers that is written row by row. */
export class Growing {
  #values = new Float64Array(1024);
  #count = 0;

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const values = this.#values;
      this.#values = new Float64Array(2 * values.length);
      this.#values.set(values);
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  /** What was written; the room behind it was never touched, and takes no memory. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#count);
  }
}
