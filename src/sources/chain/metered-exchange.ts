import { ProviderFailure } from '../failure.ts';
import { statusFailure } from '../http/json.ts';
import type { Exchange, HttpRequest } from '../http/request.ts';
import type { Provider } from '../provider.ts';
import type { SourceMeter } from './meter.ts';
import type { ChainObserver, Outcome } from './observer.ts';

/** What counts and times the requests of one source. */
export interface Metering {
  /** The source's id. */
  readonly source: string;
  readonly meter: SourceMeter;
  readonly observer: ChainObserver;
  /** Milliseconds that only ever rise. */
  readonly monotonic: () => number;
}

/**
 * The same exchange, with limits before the wire: a request that is not allowed is not sent.
 * @throws ProviderFailure `over-budget`, and whatever the exchange throws.
 */
export function meteredExchange(exchange: Exchange, metering: Metering): Exchange {
  return (request: HttpRequest) =>
    metered(
      request.what,
      metering,
      () => exchange(request),
      (answer) => statusFailure(answer)?.reason ?? 'ok',
    );
}

/** The same provider, each report counted as one request: for those that do not ask by HTTP. */
export function meteredProvider(provider: Provider, metering: Metering): Provider {
  const { id, kind, factor, serves } = provider;
  const history: Provider['history'] = (zone, span, asking) =>
    metered('history', metering, () => provider.history?.(zone, span, asking) ?? Promise.resolve([]), always);
  return {
    ...{ id, kind, factor, serves },
    report: (zones, asking) => metered('report', metering, () => provider.report(zones, asking), always),
    history: provider.history === null ? null : history,
    close: async () => provider.close?.(),
  };
}

const always = (): Outcome => 'ok';

async function metered<Answer>(
  what: string,
  { source, meter, observer, monotonic }: Metering,
  send: () => Promise<Answer>,
  outcomeOf: (answer: Answer) => Outcome,
): Promise<Answer> {
  if (!meter.take()) {
    observer.onCall(source, what, 'over-budget', 0);
    throw new ProviderFailure('over-budget', `${source}: no request is left of the day's or the minute's allowance`);
  }
  observer.onBudget(source, meter.left());
  const started = monotonic();
  const told = (outcome: Outcome): void => {
    observer.onCall(source, what, outcome, (monotonic() - started) / 1000);
  };
  try {
    const answer = await send();
    told(outcomeOf(answer));
    return answer;
  } catch (error) {
    told(error instanceof ProviderFailure ? error.reason : 'unreachable');
    throw error;
  }
}
