import type { z } from 'zod';
import type { Millis } from '../../carbon/units.ts';
import { credential } from '../credential.ts';
import { ProviderFailure } from '../failure.ts';
import { okJson, statusFailure } from '../http/json.ts';
import type { HttpAnswer } from '../http/request.ts';
import type { Asking } from '../provider.ts';
import type { Access, ElectricityMapsOptions } from './client.ts';
import { Zones } from './schema.ts';

/** What the key may see is asked for once an hour at most, ms. */
const ACCESS_REFRESH = 3_600_000;

/** One request about one zone. */
export interface Question<Parsed> {
  readonly path: string;
  readonly zone: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly asking: Asking;
  readonly schema: z.ZodType<Parsed>;
}

/** What was told, and how far the clock of who told it is from ours. */
export interface Told<Parsed> {
  readonly told: Parsed;
  readonly clockSkew: Millis | null;
}

/** Requests to Electricity Maps, with the key and the parameters that all of them have. */
export class ElectricityMapsApi {
  readonly #options: ElectricityMapsOptions;
  readonly #base: string;
  #access: { readonly zones: Access; readonly until: number } | null = null;

  constructor(options: ElectricityMapsOptions, base: string) {
    this.#options = options;
    this.#base = base.replace(/\/+$/, '');
  }

  /** @throws ProviderFailure */
  async ask<Parsed>(what: string, question: Question<Parsed>): Promise<Told<Parsed>> {
    const { path, zone, query, asking, schema } = question;
    const { factor = 'lifecycle', disableEstimations = false } = this.#options;
    const url = new URL(`${this.#base}/${path}`);
    // Without the last of these an unknown zone is answered with that of the caller's own address.
    const all = { zone, ...query, emissionFactorType: factor, shouldUseFallbackCallerLookup: 'false' };
    for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
    if (disableEstimations) url.searchParams.set('disableEstimations', 'true');
    const answer = await this.#send(what, url, asking);
    if (answer.status === 401) throw await this.#refusal(answer, question);
    if (answer.status === 404) throw new ProviderFailure('unknown-zone', `${path}: status 404 for zone ${zone}`);
    return { told: okJson(answer, schema, path), clockSkew: answer.clockSkew };
  }

  /** @throws ProviderFailure */
  async access(asking: Asking): Promise<Access> {
    const answer = await this.#send('zones', new URL(`${this.#base}/zones`), asking);
    const zones = Object.entries(okJson(answer, Zones, 'zones'));
    return new Map(zones.flatMap(([zone, { access = [] }]) => (access.length === 0 ? [] : [[zone, access]])));
  }

  async #send(what: string, url: URL, { signal }: Asking): Promise<HttpAnswer> {
    const token = await credential(this.#options.token, 'API key of Electricity Maps');
    return this.#options.exchange({ what, url, headers: { 'auth-token': token }, signal });
  }

  /** 401 is also what a good key gets for a zone that it does not cover: that must not count against the others. */
  async #refusal(answer: HttpAnswer, { path, zone, asking }: Question<unknown>): Promise<ProviderFailure> {
    const access = await this.#knownAccess(asking);
    if (access.size > 0 && !access.has(zone))
      return new ProviderFailure('forbidden', `${path}: status 401, and the key does not cover zone ${zone}`);
    return statusFailure(answer, path) ?? new ProviderFailure('unauthorized', path);
  }

  async #knownAccess(asking: Asking): Promise<Access> {
    if (this.#access !== null && asking.now < this.#access.until) return this.#access.zones;
    const zones = await this.access(asking).catch((): Access => new Map());
    this.#access = { zones, until: asking.now + ACCESS_REFRESH };
    return zones;
  }
}
