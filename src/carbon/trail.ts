import type { Reading } from './types.ts';
import type { Instant, Zone } from './units.ts';

/** Lowest and highest value that a zone had of late, gCO2eq/kWh. */
export interface TrailingBounds {
  readonly low: number;
  readonly high: number;
}

interface Seen {
  readonly at: Instant;
  readonly value: number;
}

const HOUR_MS = 3_600_000;
/** How far back is looked. */
const KEPT_MS = 7 * 24 * HOUR_MS;
/** What has to lie between the first value and now: with less a night or a midday would be missing. */
const LEAST_MS = 24 * HOUR_MS;
/** More often is not noted: what varies within it is noise to who plans by hours. */
const EVERY_MS = HOUR_MS / 4;

/** What zones' intensity has been over the last seven days, of one kind and factor: bounds for who has no forecast. */
export class Trails {
  readonly #seen = new Map<Zone, Seen[]>();

  /** Takes in what is known now. Values of another kind than before begin anew by `clear`. */
  note(zones: ReadonlyMap<Zone, Reading>, now: Instant): void {
    for (const [zone, reading] of zones) {
      if (reading.state !== 'known' || reading.quality === 'sandbox') continue;
      const seen = this.#seen.get(zone) ?? [];
      const last = seen.at(-1);
      if (last !== undefined && now - last.at < EVERY_MS) continue;
      seen.push({ at: now, value: reading.value });
      while ((seen[0]?.at ?? now) < now - KEPT_MS) seen.shift();
      this.#seen.set(zone, seen);
    }
  }

  /** What ranks now is of another kind. */
  clear(): void {
    this.#seen.clear();
  }

  /** Of every zone of which a day is known. */
  bounds(now: Instant): ReadonlyMap<Zone, TrailingBounds> {
    const bounds = new Map<Zone, TrailingBounds>();
    for (const [zone, seen] of this.#seen) {
      if ((seen[0]?.at ?? now) > now - LEAST_MS) continue;
      const values = seen.map(({ value }) => value);
      bounds.set(zone, { low: Math.min(...values), high: Math.max(...values) });
    }
    return bounds;
  }
}
