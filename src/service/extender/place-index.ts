import type { Place } from '../../placement/filter.ts';

/** Numbers places in the order in which they are first seen, and counts the nodes that stand in each. */
export class PlaceIndex {
  readonly #index = new Map<Place, number>();
  readonly #counts: number[] = [];

  /** The place's number; one node more stands there. */
  add(place: Place): number {
    const known = this.#index.get(place);
    const index = known ?? this.#index.size;
    if (known === undefined) this.#index.set(place, index);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    return index;
  }

  get places(): readonly Place[] {
    return [...this.#index.keys()];
  }

  get counts(): readonly number[] {
    return this.#counts;
  }
}
