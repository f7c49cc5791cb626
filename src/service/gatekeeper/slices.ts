import { millis } from '../../carbon/units.ts';
import type { Timing } from './ports.ts';

/** How long one turn may last: webhook, extender and the Lease's renewal wait meanwhile. */
const SLICE_MS = 25;

/** What is done with each of many things, and after the last. */
interface Course<Thing> {
  readonly each: (thing: Thing) => void;
  readonly done: () => void;
}

/** Goes through many things in turns, between which others get theirs. */
export class Slices {
  readonly #timing: Timing;
  readonly #waiting = new Set<() => void>();

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  /** The first turn at once. Things are taken out as their turn comes. */
  run<Thing>(things: Iterable<Thing>, course: Course<Thing>): void {
    this.#turn(things[Symbol.iterator](), course);
  }

  /** Nothing more of what was begun. */
  clear(): void {
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }

  #turn<Thing>(things: Iterator<Thing>, course: Course<Thing>): void {
    const end = this.#timing.now() + SLICE_MS;
    for (let next = things.next(); next.done !== true; next = things.next()) {
      course.each(next.value);
      if (this.#timing.now() < end) continue;
      this.#later(things, course);
      return;
    }
    course.done();
  }

  #later<Thing>(things: Iterator<Thing>, course: Course<Thing>): void {
    const cancel = this.#timing.after(millis(0), () => {
      this.#waiting.delete(cancel);
      this.#turn(things, course);
    });
    this.#waiting.add(cancel);
  }
}
