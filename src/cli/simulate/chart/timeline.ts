import { at } from '../../../carbon/forecast/vectors.ts';
import type { SimulationInput } from '../../../simulation/input.ts';
import { placesOf } from '../../../simulation/places.ts';
import type { BaselineKind } from '../../../simulation/problems.ts';
import { runsOf } from '../../../simulation/schedule.ts';
import type { Simulation } from '../../../simulation/schedule.ts';
import { termsOf } from '../../../simulation/terms.ts';
import type { KindTerms } from '../../../simulation/terms.ts';
import { SlotSums } from './slot-sums.ts';
import type { Slots } from './slot-sums.ts';

/** What went on in each span of time, the baseline beside the schedule. Spans are whole slots of the intensity. */
export interface Timeline {
  readonly start: number;
  /** ms. */
  readonly span: number;
  /** kg CO2eq an hour. */
  readonly emissions: { readonly baseline: Float64Array; readonly schedule: Float64Array };
  /** Mean number of jobs. */
  readonly running: { readonly baseline: Float64Array; readonly schedule: Float64Array };
  readonly waiting: Float64Array;
}

/** What a timeline is told from. */
export interface TimelineInput {
  readonly input: SimulationInput;
  readonly simulation: Simulation;
  readonly baseline: BaselineKind;
}

const HOUR_MS = 3_600_000;
const GRAMS_PER_KG = 1000;
/** With more spans than this the lines could not be told apart. */
const MOST_SPANS = 200;
const SPAN_HOURS = [1, 2, 3, 4, 6, 8, 12, 24, 48, 96, 168];

/** Adds up emissions and jobs over time, from the first arrival to the last end. Moving data is not counted. */
export function timelineOf({ input, simulation, baseline }: TimelineInput): Timeline {
  const { truth } = input;
  const sums = new Sums(input, baseline);
  let [first, last] = [Infinity, -Infinity];
  for (let job = 0; job < input.jobs.count; job += 1) {
    if ((simulation.region[job] ?? -1) < 0) continue;
    sums.add(job, simulation);
    first = Math.min(first, at(input.jobs.arrival, job));
    last = Math.max(last, at(simulation.end, job));
  }
  const from = first > last ? 0 : Math.floor((first - truth.start) / truth.step);
  const to = first > last ? 1 : Math.ceil((last - truth.start) / truth.step);
  return sums.timeline(from, to);
}

class Sums {
  readonly #input: SimulationInput;
  readonly #terms: readonly KindTerms[];
  readonly #baseline: BaselineKind;
  /** kWh, by region. */
  readonly #energy: { readonly baseline: readonly SlotSums[]; readonly schedule: readonly SlotSums[] };
  readonly #running: { readonly baseline: SlotSums; readonly schedule: SlotSums };
  readonly #waiting: SlotSums;

  constructor(input: SimulationInput, baseline: BaselineKind) {
    const slots: Slots = input.truth;
    const each = (): readonly SlotSums[] => input.truth.regions.map(() => new SlotSums(slots));
    this.#input = input;
    this.#terms = termsOf(input);
    this.#baseline = baseline;
    this.#energy = { baseline: each(), schedule: each() };
    this.#running = { baseline: new SlotSums(slots), schedule: new SlotSums(slots) };
    this.#waiting = new SlotSums(slots);
  }

  add(job: number, simulation: Simulation): void {
    const { jobs } = this.#input;
    const arrival = at(jobs.arrival, job);
    const duration = at(jobs.duration, job);
    const places = this.#placesAtArrival(job);
    const share = at(jobs.energy, job) / duration / places.length;
    for (const place of places) this.#energy.baseline[place]?.add(arrival, arrival + duration, share);
    this.#running.baseline.add(arrival, arrival + duration, 1);
    // A switch costs running time at the job's power.
    const power = at(jobs.energy, job) / duration;
    let idleSince = arrival;
    for (const { region, start, end } of runsOf(simulation, job)) {
      this.#energy.schedule[region]?.add(start, end, power);
      this.#running.schedule.add(start, end, 1);
      this.#waiting.add(idleSince, start, 1);
      idleSince = end;
    }
  }

  #placesAtArrival(job: number): readonly number[] {
    const terms = this.#terms[this.#input.jobs.kind[job] ?? -1];
    if (terms === undefined) return [];
    if (this.#baseline === 'home') return [terms.baselineHome];
    return placesOf(terms, at(this.#input.jobs.dataGb, job), this.#input.policy.scheduler.shift);
  }

  /** Of slots [from, to). */
  timeline(from: number, to: number): Timeline {
    const { truth } = this.#input;
    const slots = slotsOfSpan(to - from, truth.step);
    const span = slots * truth.step;
    const grouped = (sums: Float64Array, scale: number): Float64Array => groups(sums, { from, to, slots, scale });
    const emitted = (energy: readonly SlotSums[]): Float64Array =>
      grouped(weighted(energy, truth.columns), HOUR_MS / span / GRAMS_PER_KG);
    const mean = (sums: SlotSums): Float64Array => grouped(sums.sums(), 1 / span);
    return {
      start: truth.start + from * truth.step,
      span,
      emissions: { baseline: emitted(this.#energy.baseline), schedule: emitted(this.#energy.schedule) },
      running: { baseline: mean(this.#running.baseline), schedule: mean(this.#running.schedule) },
      waiting: mean(this.#waiting),
    };
  }
}

/** A whole number of hours that people count by, where that is one of slots. */
function slotsOfSpan(slots: number, step: number): number {
  const least = Math.max(1, Math.ceil(slots / MOST_SPANS));
  const hours = SPAN_HOURS.map((hour) => (hour * HOUR_MS) / step);
  return hours.find((count) => Number.isInteger(count) && count >= least) ?? least;
}

/** Energy times intensity, all regions together: gCO2eq a slot. */
function weighted(energy: readonly SlotSums[], columns: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(columns[0]?.length ?? 0);
  for (const [place, column] of columns.entries()) {
    const sums = energy[place]?.sums() ?? total;
    for (let slot = 0; slot < total.length; slot += 1)
      total[slot] = at(total, slot) + at(sums, slot) * at(column, slot);
  }
  return total;
}

interface Grouping {
  readonly from: number;
  readonly to: number;
  readonly slots: number;
  readonly scale: number;
}

function groups(sums: Float64Array, { from, to, slots, scale }: Grouping): Float64Array {
  return Float64Array.from({ length: Math.ceil((to - from) / slots) }, (_, index) => {
    const first = from + index * slots;
    return scale * sums.slice(first, first + slots).reduce((total, part) => total + part, 0);
  });
}
