import NodeCache from 'node-cache';

const SECONDS = 60;
/** More distinct keys than this in a minute, and the rest go unlogged; the metric still counts them. */
const MOST_KEYS = 1_000;

/** Lets a repeated log line through once a minute for each key, so that a thousand pods' one mistake is one line. */
export class LogLimit {
  readonly #seen = new NodeCache({ stdTTL: SECONDS, checkperiod: SECONDS, useClones: false, maxKeys: MOST_KEYS });

  /** Whether this key's line may be written now. */
  allows(key: string): boolean {
    if (this.#seen.has(key) || this.#seen.keys().length >= MOST_KEYS) return false;
    this.#seen.set(key, true);
    return true;
  }

  close(): void {
    this.#seen.close();
  }
}
