import { at } from '../../carbon/forecast/vectors.ts';
import type { Region } from '../../carbon/units.ts';
import { instant } from '../../carbon/units.ts';
import type { PlannedRun } from './types.ts';
import type { Course } from './unknown-length-course.ts';
import { HOUR_MS, lastsFor, PAUSED, RUNNING, runningWithin, slotHours } from './unknown-length-value.ts';
import type { Terms, Worth } from './unknown-length-value.ts';

/** What is done in the first slot of a course, and what the later ones are worth after it. */
export interface FirstStep {
  readonly act: 'run' | 'wait';
  /** It runs there already. */
  readonly running: boolean;
  /** It has run before, so that a start is a resume. */
  readonly begun: boolean;
  /** Hours of the first slot that are run after all since the waiting ends within it; 0: none. */
  readonly lateHours: number;
  readonly worth: Worth;
  /** Units of waiting left at the end of the first slot. */
  readonly units: number;
}

/** What is meant to be done if the work lasts, and what that is expected to emit. */
export interface Outline {
  readonly runs: readonly PlannedRun[];
  /** gCO2eq per kWh that is left of it. */
  readonly mean: number;
}

/** Follows a plan forward, adding up what it emits by how likely work is to last so long. */
export function outlineOf(course: Course, terms: Terms, first: FirstStep): Outline {
  const walk = new Walk(course, terms, first);
  for (const [slot, region] of course.regions.entries()) {
    if (slot === 0) walk.firstStep(region, first);
    else walk.step(slot, region);
  }
  return walk.outline();
}

interface OpenRun {
  readonly region: Region;
  readonly start: number;
}

class Walk {
  readonly #course: Course;
  readonly #terms: Terms;
  readonly #worth: Worth;
  readonly #runs: PlannedRun[] = [];
  #open: OpenRun | null = null;
  #next: OpenRun | null = null;
  #units: number;
  #begun: boolean;
  #alive = 1;
  #grams = 0;

  constructor(course: Course, terms: Terms, { worth, units, begun }: FirstStep) {
    this.#course = course;
    this.#terms = terms;
    this.#worth = worth;
    this.#units = units;
    this.#begun = begun;
  }

  firstStep(region: Region, { act, running, lateHours }: FirstStep): void {
    if (act === 'run' && running) this.#open = { region, start: at(this.#course.edges, 0) };
    if (act === 'run') this.#run(0, region, slotHours(this.#course, 0));
    else if (lateHours > 0) this.#run(0, region, lateHours);
    else this.#next = { region, start: at(this.#course.edges, 1) };
  }

  step(slot: number, region: Region): void {
    const { choices, units, last } = this.#worth;
    const choice = choices[slot * (units + 1) + this.#units] ?? 0;
    const hours = slotHours(this.#course, slot);
    this.#next = { region, start: at(this.#course.edges, slot + 1) };
    if ((choice & (this.#open === null ? PAUSED : RUNNING)) !== 0) {
      this.#run(slot, region, hours);
      return;
    }
    this.#end(at(this.#course.edges, slot));
    if (this.#units === 1 && hours > last) this.#run(slot, region, hours - last);
    this.#units -= 1;
  }

  outline(): Outline {
    this.#open ??= this.#next;
    this.#end(null);
    this.#grams += this.#alive * this.#terms.mean * this.#course.mean;
    return { runs: this.#runs, mean: this.#grams / this.#terms.mean };
  }

  /** Runs the last hours of a slot, from where it ran before or after a start. */
  #run(slot: number, region: Region, hours: number): void {
    const { mean, switchCost } = this.#terms;
    const value = at(this.#course.values, slot);
    const start = at(this.#course.edges, slot + 1) - hours * HOUR_MS;
    if (this.#open?.region !== region) {
      this.#end(start);
      this.#open = { region, start };
      if (this.#begun) this.#grams += this.#alive * switchCost * value;
      this.#begun = true;
    }
    this.#grams += this.#alive * value * runningWithin(hours, mean);
    this.#alive *= lastsFor(hours, mean);
  }

  #end(end: number | null): void {
    if (this.#open === null) return;
    const { region, start } = this.#open;
    this.#runs.push({ region, start: instant(start), end: end === null ? null : instant(end) });
    this.#open = null;
  }
}
