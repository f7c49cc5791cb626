import { instant } from '../carbon/units.ts';
import type { GramsPerKwh, Instant } from '../carbon/units.ts';
import { LIFECYCLE_GRAMS, RENEWABLE } from './emission-factors.ts';
import type { Fuel } from './emission-factors.ts';
import { ProviderFailure } from './failure.ts';
import { plausible } from './plausible.ts';

/** What one kind of plant made over [start, end): mean MW, which an hour's MWh are as well; null: not told. */
export interface Generation {
  /** As the provider calls it: each one that is reported must have a value, whatever its fuel. */
  readonly type: string;
  readonly fuel: Fuel;
  readonly start: Instant;
  readonly end: Instant;
  readonly amount: number | null;
}

/** Intensity of what is made in a zone, imports left out, over [start, end), with the renewable share of it, 0 to 100 %. */
export interface MixStep {
  readonly start: Instant;
  readonly end: Instant;
  readonly value: GramsPerKwh;
  readonly renewablePct: number;
}

const DAY_MS = 86_400_000;
/** The whole of China has some three times this capacity, MW: more of one type in one zone is a slip of the unit. */
const MOST_PLAUSIBLE = 1_000_000;

/**
 * The intensity of each step that is complete, ascending. Steps are as long as the coarsest of the answer. A step counts as
 * complete when every type has a value in it that is reported on that UTC day, the day before or the day after: without the
 * coal that comes an hour later, a step would look clean. Negative generation, which is consumption, counts as none.
 * @throws ProviderFailure `implausible`: an amount that no zone generates.
 */
export function mixSteps(generation: readonly Generation[]): readonly MixStep[] {
  const step = generation.reduce((longest, { start, end }) => Math.max(longest, end - start), 0);
  const columns = columnsOf(generation, step);
  const starts = new Set(columns.flatMap(({ means }) => [...means.keys()]));
  return [...starts].sort((a, b) => a - b).flatMap((start) => stepAt(columns, start, step) ?? []);
}

/** One type of generation: mean of each whole step, and the days on which anything is said of it. */
interface Column {
  readonly fuel: Fuel;
  readonly means: ReadonlyMap<number, number>;
  readonly days: ReadonlySet<number>;
}

function columnsOf(generation: readonly Generation[], step: number): readonly Column[] {
  const byType = Map.groupBy(generation, ({ type }) => type);
  return [...byType.values()].map((slots) => columnOf(slots, step));
}

function columnOf(slots: readonly Generation[], step: number): Column {
  const days = new Set<number>();
  const sums = new Map<number, { covered: number; weighted: number }>();
  for (const { start, end, amount } of agreed(slots)) {
    days.add(Math.floor(start / DAY_MS));
    if (amount === null) continue;
    if (amount > MOST_PLAUSIBLE) throw new ProviderFailure('implausible', `${amount} MW of one kind in one zone`);
    const bucket = Math.floor(start / step) * step;
    const { covered, weighted } = sums.get(bucket) ?? { covered: 0, weighted: 0 };
    const length = end - start;
    sums.set(bucket, { covered: covered + length, weighted: weighted + Math.max(0, amount) * length });
  }
  const whole = [...sums].filter(([, { covered }]) => covered === step);
  const means = new Map(whole.map(([bucket, { weighted }]) => [bucket, weighted / step]));
  return { fuel: slots[0]?.fuel ?? 'other-fossil', means, days };
}

/** Of a slot that is given twice and differently nothing is known. */
function agreed(slots: readonly Generation[]): Iterable<Generation> {
  const bySlot = new Map<string, Generation>();
  for (const slot of slots) {
    const key = `${slot.start}/${slot.end}`;
    const before = bySlot.get(key);
    const differs = before !== undefined && before.amount !== slot.amount;
    bySlot.set(key, differs ? { ...slot, amount: null } : slot);
  }
  return bySlot.values();
}

function stepAt(columns: readonly Column[], start: number, step: number): MixStep | null {
  let [total, renewable, grams] = [0, 0, 0];
  for (const { fuel, means, days } of columns) {
    const amount = means.get(start);
    if (amount === undefined && isReportedAround(days, start)) return null;
    if (amount === undefined) continue;
    total += amount;
    grams += amount * LIFECYCLE_GRAMS[fuel];
    if (RENEWABLE.has(fuel)) renewable += amount;
  }
  if (total === 0) return null;
  const value = plausible(grams / total);
  return {
    start: instant(start),
    end: instant(start + step),
    value,
    renewablePct: Math.min(100, (100 * renewable) / total),
  };
}

function isReportedAround(days: ReadonlySet<number>, start: number): boolean {
  const day = Math.floor(start / DAY_MS);
  return days.has(day - 1) || days.has(day) || days.has(day + 1);
}
