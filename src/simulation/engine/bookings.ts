import { instant, millis } from '../../carbon/units.ts';
import type { Region } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { FullSlots } from '../../timing/plan/types.ts';
import { entryAt, indexAt } from '../columns.ts';
import type { IntensityTable } from '../types.ts';

/** A stay that is planned or under way; `region` is an index into the table's. */
export interface Stay {
  readonly region: number;
  readonly from: number;
  readonly to: number;
}

interface Limited {
  readonly limit: number;
  readonly booked: Int32Array;
  readonly view: FullSlots;
}

/** Who is to run where in which slot, so that no region gets more in a slot than its limit. Regions without one cost nothing. */
export class Bookings {
  readonly #table: IntensityTable;
  readonly #regions: readonly (Limited | null)[];
  /** slot * regions + region of everything that a job has booked. */
  readonly #byJob = new Map<number, readonly number[]>();
  readonly limited: boolean;

  constructor(table: IntensityTable, policy: Policy, capacity: ReadonlyMap<Region, number>) {
    this.#table = table;
    this.#regions = table.regions.map((region) => {
      const limit = capacity.get(region) ?? policy.regions.get(region)?.capacity ?? null;
      return limit === null ? null : limitedTo(limit, table);
    });
    this.limited = this.#regions.some((region) => region !== null);
  }

  /** Null: the region has no limit. The same object all along; what is full changes within it. */
  viewOf(region: number): FullSlots | null {
    return entryAt(this.#regions, region)?.view ?? null;
  }

  /** Gives back what a job has booked from a slot on; what it used before stays. */
  release(job: number, fromSlot: number): void {
    const codes = this.#byJob.get(job);
    if (codes === undefined) return;
    const from = fromSlot * this.#regions.length;
    for (const code of codes) if (code >= from) this.#count(code, -1);
    this.#byJob.set(
      job,
      codes.filter((code) => code < from),
    );
  }

  /** Books every slot that the stays touch, each once for the job. */
  book(job: number, stays: readonly Stay[]): void {
    const codes = new Set(this.#byJob.get(job));
    const before = codes.size;
    for (const stay of stays) this.#touch(stay, codes);
    const all = [...codes];
    for (const code of all.slice(before)) this.#count(code, 1);
    this.#byJob.set(job, all);
  }

  /** A job that is over needs not to be known any more. */
  forget(job: number): void {
    this.#byJob.delete(job);
  }

  #touch({ region, from, to }: Stay, codes: Set<number>): void {
    if (entryAt(this.#regions, region) === null) return;
    const { start, step, count } = this.#table;
    const last = Math.min(Math.ceil((to - start) / step - ROUNDING), count);
    for (let slot = Math.floor((from - start) / step + ROUNDING); slot < last; slot += 1) {
      codes.add(slot * this.#regions.length + region);
    }
  }

  #count(code: number, change: number): void {
    const region = entryAt(this.#regions, code % this.#regions.length);
    if (region === null) return;
    const slot = Math.floor(code / this.#regions.length);
    const booked = indexAt(region.booked, slot) + change;
    region.booked[slot] = booked;
    region.view.full[slot] = booked >= region.limit ? 1 : 0;
  }
}

/** Share of a slot that is no stay in it: moments are sums of fractions. */
const ROUNDING = 1e-8;

function limitedTo(limit: number, { start, step, count }: IntensityTable): Limited {
  const full = new Uint8Array(count).fill(limit <= 0 ? 1 : 0);
  return { limit, booked: new Int32Array(count), view: { start: instant(start), slot: millis(step), full } };
}
