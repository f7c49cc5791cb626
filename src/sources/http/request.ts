import type { Millis } from '../../carbon/units.ts';

/** One request to a provider. Credentials stand in `headers` or `secretQuery` alone: neither is ever logged. */
export interface HttpRequest {
  /** What is asked for, as metrics and logs call it, e.g. `forecast`; a closed set for each provider. */
  readonly what: string;
  readonly url: URL;
  /** Put into the query at the last moment, so that `url` can be shown. */
  readonly secretQuery?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** An answer that came whole, of any status. */
export interface HttpAnswer {
  readonly status: number;
  /** Without parameters, in lower case; empty where none was given. */
  readonly contentType: string;
  readonly text: string;
  /** From Retry-After, in either form; null without it. */
  readonly retryAfter: Millis | null;
  /** The provider's clock less ours when it answered, by its Date header; null without it. */
  readonly clockSkew: Millis | null;
}

/**
 * Sends a request; whatever stands before the wire (limits, metrics) has the same shape.
 * @throws ProviderFailure where no whole answer came, or the request was not sent.
 */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;
