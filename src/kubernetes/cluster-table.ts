import type { Keyed, ResourceSink } from './resource.ts';

/** What a table keeps of an object, given what it kept before. */
export type Merge<Value> = (now: Value, before: Value | undefined) => Value;

/** The objects of one resource, by key, as a watch last told of them. */
export class ClusterTable<Value> implements ResourceSink<Value> {
  readonly #merge: Merge<Value>;
  #rows = new Map<string, Value>();

  constructor(merge: Merge<Value> = (now) => now) {
    this.#merge = merge;
  }

  get(key: string): Value | undefined {
    return this.#rows.get(key);
  }

  replace(all: readonly Keyed<Value>[]): void {
    this.#rows = new Map(all.map(({ key, value }) => [key, this.#merge(value, this.#rows.get(key))]));
  }

  put(key: string, value: Value): void {
    this.#rows.set(key, this.#merge(value, this.#rows.get(key)));
  }

  remove(key: string): void {
    this.#rows.delete(key);
  }
}
