import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { quote, timeCell } from './cells.ts';
import type { Problems } from './problems.ts';

/** The times of a trace's rows, in file order: every step as long as the first, none twice, none backwards. */
export class Timeline {
  readonly #problems: Problems;
  readonly #lineOf = new Map<Instant, number>();
  #first: Instant | null = null;
  #previous: Instant | null = null;
  #step: Millis | null = null;
  #lastLine = 1;
  #rows = 0;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  add(line: number, text: string): void {
    this.#rows += 1;
    this.#lastLine = line;
    const cell = timeCell(text);
    if (cell.ok) this.#follow(line, text, cell.value);
    else this.#problems.add(line, cell.why);
    // After a time that cannot be read the next row starts afresh: one fault, one error.
    this.#previous = cell.ok ? cell.value : null;
  }

  /** Start and step, or null with the reason among the problems. */
  end(): { readonly start: Instant; readonly step: Millis } | null {
    if (this.#first !== null && this.#step !== null) return { start: this.#first, step: this.#step };
    if (this.#rows < 2) {
      const found = this.#rows === 0 ? 'no rows' : 'one row only';
      this.#problems.add(this.#lastLine, `${found}: give at least two, the distance between them is the step`);
    }
    return null;
  }

  #follow(line: number, text: string, at: Instant): void {
    const earlier = this.#lineOf.get(at);
    this.#lineOf.set(at, earlier ?? line);
    this.#first ??= at;
    if (earlier !== undefined) {
      this.#problems.add(line, `time ${quote(text)} already stands on line ${earlier}: each time stands once`);
      return;
    }
    if (this.#previous === null) return;
    const distance = at - this.#previous;
    if (distance < 0) {
      this.#problems.add(line, `time ${quote(text)} is earlier than the row before: rows must ascend`);
      return;
    }
    this.#step ??= millis(distance);
    if (distance !== this.#step) this.#problems.add(line, this.#unevenStep(text, distance, this.#step));
  }

  #unevenStep(text: string, distance: number, step: Millis): string {
    const wanted = new Date(instant((this.#previous ?? 0) + step)).toISOString();
    return (
      `time ${quote(text)} comes ${distance / 1000} s after the row before, the step is ${step / 1000} s: ` +
      `expected ${wanted}; a step without values is a row with empty cells`
    );
  }
}
