import { fitInSteps } from '../../carbon/forecast/forecaster.ts';
import { OWN_HORIZON } from '../../carbon/forecast/own.ts';
import { millis } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { ProviderChain } from '../../sources/chain/provider-chain.ts';
import { OwnForecasts } from '../../sources/own-forecast/own-forecasts.ts';

/** How long the past may be asked for before the table is shown without a forecast. */
const PATIENCE_MS = 20_000;
/** Less than the service wants: enough for a model, and soon had. */
const WANTED_PAST = millis(30 * 86_400_000);

/** Forecasts of our own for one look: what is missing of the past is asked for at once. */
export class OwnPast {
  readonly #forecasts: OwnForecasts;
  readonly #now: () => Instant;
  #tasks = 0;
  #idle: (() => void)[] = [];

  constructor({ now, random }: { readonly now: () => Instant; readonly random: () => number }) {
    this.#now = now;
    this.#forecasts = new OwnForecasts({
      fit: (history) => fitInSteps(history, OWN_HORIZON),
      ...{ now, random, wanted: WANTED_PAST, pause: millis(0) },
      defer: (task) => {
        this.#later(task);
      },
    });
  }

  /** Completes the chain's reports, those that are kept as soon as a model is there. */
  complete(chain: ProviderChain): void {
    chain.enrich(this.#forecasts.enricher());
    this.#forecasts.onFitted((zone) => {
      chain.enrichAgain(zone);
    });
  }

  /** Asks for what is missing of the past, and waits until models are fitted to it. */
  async learn(signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    while (!limit.aborted && this.#isDue()) await this.#forecasts.gather(limit);
    if (this.#tasks > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.#forecasts.close();
  }

  #isDue(): boolean {
    const due = this.#forecasts.nextDue();
    return due !== null && due <= this.#now();
  }

  #later(task: () => void): void {
    this.#tasks += 1;
    setImmediate(() => {
      task();
      this.#tasks -= 1;
      if (this.#tasks > 0) return;
      for (const resolve of this.#idle.splice(0)) resolve();
    });
  }
}
