import type { ForecastStep } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import { Extra } from '../extra.ts';
import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';

/** Forecasts change with the hour: not asked for more often. */
export const FORECAST_REFRESH: Millis = millis(30 * 60_000);
/** How long a plan without forecasts is believed to stay so. */
const PLAN_RECHECK = 6 * 3_600_000;
/** How long the last one serves where no newer is to be had: it was made before what it foretells was known. */
const SERVES = 6 * 3_600_000;
/** What a plan without forecasts answers. */
const NOT_IN_PLAN: readonly FailureReason[] = ['unauthorized', 'forbidden', 'unknown-zone', 'refused'];

interface Kept {
  readonly steps: readonly ForecastStep[];
  readonly again: Instant;
  readonly until: Instant;
}

/** The last forecast of each zone. A forecast that is missing is no failure of the value beside it. */
export class Forecasts {
  readonly #refresh: Millis;
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Extra();

  constructor(refresh: Millis) {
    this.#refresh = refresh;
  }

  /** What is foretold of a zone from now on; empty where nothing is known. `ask` is called when it is time again. */
  async of(zone: string, now: Instant, ask: () => Promise<readonly ForecastStep[]>): Promise<readonly ForecastStep[]> {
    const kept = this.#kept.get(zone);
    const steps = kept === undefined || now >= kept.again ? await this.#ask(zone, now, ask) : kept.steps;
    return steps.filter(({ end }) => end > now);
  }

  async #ask(
    zone: string,
    now: Instant,
    ask: () => Promise<readonly ForecastStep[]>,
  ): Promise<readonly ForecastStep[]> {
    const told = await this.#asking.ask(now, () => this.#told(now, ask));
    if (told !== null) this.#kept.set(zone, told);
    const kept = told ?? this.#kept.get(zone);
    return kept === undefined || now >= kept.until ? [] : kept.steps;
  }

  async #told(now: Instant, ask: () => Promise<readonly ForecastStep[]>): Promise<Kept> {
    try {
      return { steps: await ask(), again: instant(now + this.#refresh), until: instant(now + SERVES) };
    } catch (error) {
      if (!(error instanceof ProviderFailure) || !NOT_IN_PLAN.includes(error.reason)) throw error;
      return { steps: [], again: instant(now + PLAN_RECHECK), until: instant(now + SERVES) };
    }
  }
}
