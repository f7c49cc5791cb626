import type { z } from 'zod';
import type { Millis } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { okJson } from '../http/json.ts';
import type { Exchange, HttpAnswer } from '../http/request.ts';
import type { Asking } from '../provider.ts';
import type { Token, WattTimeLogin } from './login.ts';
import { ScopeError } from './schema.ts';

/** One request about one region. */
export interface Question<Parsed> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly asking: Asking;
  readonly schema: z.ZodType<Parsed>;
}

/** What was told, and how far the clock of who told it is from ours. */
export interface Told<Parsed> {
  readonly told: Parsed;
  readonly clockSkew: Millis | null;
}

/** Requests to WattTime with a token, which is renewed once where it may be what was refused. */
export class WattTimeApi {
  readonly #exchange: Exchange;
  readonly #login: WattTimeLogin;
  readonly #base: string;

  constructor(exchange: Exchange, login: WattTimeLogin, base: string) {
    this.#exchange = exchange;
    this.#login = login;
    this.#base = base;
  }

  /** @throws ProviderFailure */
  async ask<Parsed>(what: string, { path, query, asking, schema }: Question<Parsed>): Promise<Told<Parsed>> {
    const url = new URL(`${this.#base}/v3/${path}?${new URLSearchParams(query).toString()}`);
    const answer = await this.#renewing(what, url, asking.signal);
    if (answer.status === 404) throw new ProviderFailure('unknown-zone', `${path}: status 404`);
    return { told: okJson(answer, schema, path), clockSkew: answer.clockSkew };
  }

  async #renewing(what: string, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
    const token = await this.#login.token(signal);
    const answer = await this.#send(what, url, { token, signal });
    if (!mayBeTheToken(answer) || !this.#login.giveUp(token)) return answer;
    return this.#send(what, url, { token: await this.#login.token(signal), signal });
  }

  #send(what: string, url: URL, { token, signal }: { token: Token; signal: AbortSignal }): Promise<HttpAnswer> {
    return this.#exchange({ what, url, headers: { authorization: `Bearer ${token.text}` }, signal });
  }
}

/** 403 comes for an old token as well as for a region that the plan lacks; the latter says so in JSON. */
function mayBeTheToken({ status, text }: HttpAnswer): boolean {
  if (status === 401) return true;
  if (status !== 403) return false;
  try {
    return !ScopeError.safeParse(JSON.parse(text)).success;
  } catch {
    return true;
  }
}
