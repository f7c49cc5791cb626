/** More kinds of values than a cluster's workloads have; it only bounds the memory of those that are all different. */
const MOST = 2_000;

/**
 * Lets equal values share one object: of ten thousand pods most have the same few tolerations and affinities. Values
 * are compared as JSON, and must never change.
 */
export class SharedValues<Value> {
  readonly #known = new Map<string, Value>();

  /** The value that all equal ones share. */
  of(value: Value): Value {
    const json = JSON.stringify(value);
    const known = this.#known.get(json);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(json, value);
    return value;
  }
}
