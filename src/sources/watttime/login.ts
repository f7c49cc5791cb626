import { z } from 'zod';
import type { Instant } from '../../carbon/units.ts';
import { credential } from '../credential.ts';
import type { Secret } from '../credential.ts';
import { ProviderFailure } from '../failure.ts';
import { okJson } from '../http/json.ts';
import type { Exchange } from '../http/request.ts';

const MINUTE = 60_000;
/** A token holds for 30 minutes; it is given up before, ms. */
const KEPT = 25 * MINUTE;
/** A token younger than this is not the reason for a refusal, ms. */
const YOUNG = MINUTE;

const Answer = z.object({ token: z.string().min(1) });

/** Who logs in, and where. */
export interface LoginOptions {
  readonly exchange: Exchange;
  readonly now: () => Instant;
  readonly username: Secret;
  readonly password: Secret;
  /** Without a slash at its end. */
  readonly base: string;
}

/** A token, and when it was got. */
export interface Token {
  readonly text: string;
  readonly since: Instant;
}

/** The token of WattTime: got with name and password, kept for 25 minutes; one login at a time serves all who wait. */
export class WattTimeLogin {
  readonly #options: LoginOptions;
  #token: Token | null = null;
  #underWay: Promise<Token> | null = null;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** @throws ProviderFailure; `unauthorized` where name and password are refused */
  async token(signal: AbortSignal): Promise<Token> {
    if (this.#token !== null && this.#options.now() - this.#token.since < KEPT) return this.#token;
    this.#underWay ??= this.#login(signal).finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  /** Gives up a token that was refused; false: it is too young to be the reason, so another would not help. */
  giveUp(refused: Token): boolean {
    if (this.#options.now() - refused.since < YOUNG) return false;
    if (this.#token === refused) this.#token = null;
    return true;
  }

  async #login(signal: AbortSignal): Promise<Token> {
    const { exchange, base, now } = this.#options;
    const username = await credential(this.#options.username, 'user name of WattTime');
    const password = await credential(this.#options.password, 'password of WattTime');
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await exchange({ what: 'login', url: new URL(`${base}/login`), headers: { authorization }, signal });
    if (answer.status === 403) throw new ProviderFailure('unauthorized', 'login: status 403', answer.retryAfter);
    this.#token = { text: okJson(answer, Answer, 'login').token, since: now() };
    return this.#token;
  }
}
