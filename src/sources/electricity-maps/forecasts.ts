import type { ForecastStep } from '../../carbon/types.ts';
import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';

/** Forecasts change with the hour: not asked for more often. */
export const FORECAST_REFRESH: Millis = millis(30 * 60_000);
/** How long a plan without forecasts is believed to stay so. */
const PLAN_RECHECK = 6 * 3_600_000;
/** What a plan without forecasts answers. */
const NOT_IN_PLAN: readonly FailureReason[] = ['unauthorized', 'forbidden', 'unknown-zone', 'refused'];

interface Kept {
  readonly steps: readonly ForecastStep[];
  readonly again: Instant;
}

/** The last forecast of each zone. A forecast that is missing is no failure of the value beside it. */
export class Forecasts {
  readonly #refresh: Millis;
  readonly #kept = new Map<string, Kept>();

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
    try {
      const steps = await ask();
      this.#kept.set(zone, { steps, again: instant(now + this.#refresh) });
      return steps;
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      if (!NOT_IN_PLAN.includes(error.reason)) return this.#kept.get(zone)?.steps ?? [];
      this.#kept.set(zone, { steps: [], again: instant(now + PLAN_RECHECK) });
      return [];
    }
  }
}
