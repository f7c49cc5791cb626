import { at } from '../../carbon/forecast/vectors.ts';
import type { TrailingBounds } from '../../carbon/trail.ts';
import { gramsPerKwh, instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import { cleanHoursOf } from '../../timing/clean-hours.ts';
import { reaching } from '../../timing/plan/outlook.ts';
import type { Outlook } from '../../timing/plan/outlook.ts';
import type { PlanRegion } from '../../timing/plan/types.ts';
import { entryAt } from '../columns.ts';
import type { KindTerms } from '../terms.ts';
import type { ForecastModel, IntensityTable } from '../types.ts';
import type { Bookings } from './bookings.ts';
import { trailsAt } from './seen-trail.ts';

/** All that is known of regions during a run of the simulator. */
export interface ViewSources {
  readonly truth: IntensityTable;
  readonly forecast: ForecastModel;
  readonly policy: Policy;
  readonly bookings: Bookings;
  readonly terms: readonly KindTerms[];
  /** How far ahead any job can run from its arrival, ms: outlooks reach so far. */
  readonly reach: number;
}

/** What is known of every region in a slot: made once, shared by all jobs that decide in it. */
export class SlotViews {
  readonly #sources: ViewSources;
  /** Outlooks as they came and as they were extended, by region: those that never change are extended once. */
  readonly #told: (Outlook | null)[] = [];
  readonly #extended: (Outlook | null)[] = [];
  /** Whether somebody decides by the bounds of the last days though there is a forecast. */
  readonly #needsTrails: boolean;
  #slot = -1;
  /** When the hours that the policy knows to be clean are over. */
  #until = -Infinity;
  #regions: readonly PlanRegion[] = [];
  /** By kind, and by region; null: nobody has asked yet. */
  readonly #permitted: (readonly PlanRegion[] | null)[];
  readonly #stay: (readonly PlanRegion[] | null)[];
  readonly #alone: (readonly PlanRegion[] | null)[];

  constructor(sources: ViewSources) {
    this.#sources = sources;
    this.#permitted = sources.terms.map(() => null);
    this.#stay = sources.terms.map(() => null);
    this.#alone = sources.truth.regions.map(() => null);
    this.#needsTrails = sources.terms.some(({ decider }) => decider === 'online' || decider === 'ecovisor');
  }

  /** Looks at the regions as they are known at a moment of a slot. */
  open(slot: number, now: number): void {
    if (slot === this.#slot && now < this.#until) return;
    this.#slot = slot;
    this.#permitted.fill(null);
    this.#stay.fill(null);
    this.#alone.fill(null);
    const { truth, forecast } = this.#sources;
    const outlooks = forecast.outlooksAt(slot);
    const seen = forecast.seenAt(slot);
    const trails = this.#trails(outlooks);
    this.#regions = truth.regions.map((region, index): PlanRegion => {
      const told = entryAt(outlooks, index);
      return {
        region,
        intensity: gramsPerKwh(at(seen, index)),
        outlook: told === null ? null : this.#reach(index, told),
        trail: trails[index] ?? null,
        clean: cleanHoursOf(this.#sources.policy.windows, region, instant(now)),
        full: this.#sources.bookings.viewOf(index),
      };
    });
    this.#until = Math.min(...this.#regions.map(({ clean }) => clean?.end ?? Infinity));
  }

  /** Regions where jobs of a kind may run. */
  permitted(kind: number): readonly PlanRegion[] {
    return (this.#permitted[kind] ??= this.#of(entryAt(this.#sources.terms, kind).permitted));
  }

  /** Regions where jobs of a kind may run whose data may not move. */
  stay(kind: number): readonly PlanRegion[] {
    return (this.#stay[kind] ??= this.#of(entryAt(this.#sources.terms, kind).stay));
  }

  /** One region alone. */
  alone(region: number): readonly PlanRegion[] {
    return (this.#alone[region] ??= this.#of([region]));
  }

  #of(indices: readonly number[]): readonly PlanRegion[] {
    return indices.map((index) => entryAt(this.#regions, index));
  }

  #trails(outlooks: readonly (Outlook | null)[]): readonly (TrailingBounds | null)[] {
    const { truth, forecast } = this.#sources;
    if (!this.#needsTrails && outlooks.every((outlook) => outlook !== null)) return [];
    return trailsAt(this.#slot, truth, forecast);
  }

  /** The outlook, long enough for every job that decides within the slot. */
  #reach(index: number, told: Outlook): Outlook {
    const { truth, reach } = this.#sources;
    const known = this.#told[index] === told ? (this.#extended[index] ?? told) : told;
    this.#told[index] = told;
    const needed = truth.start + (this.#slot + 1) * truth.step + reach;
    // One that covers the table does not change: it is extended past its end at once.
    const until = told.values.length < truth.count ? needed : truth.start + truth.count * truth.step + reach;
    return (this.#extended[index] = endOf(known) >= needed ? known : reaching(known, instant(until)));
  }
}

function endOf({ edges, values }: Outlook): Instant {
  return instant(at(edges, values.length));
}
