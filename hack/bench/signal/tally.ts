import { usableReading } from '../../../src/carbon/reading.ts';
import type { Wanted } from '../../../src/carbon/types.ts';
import type { Instant, Zone } from '../../../src/carbon/units.ts';
import type { ProviderChain } from '../../../src/sources/chain/provider-chain.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** What was sent, and what was known meanwhile. */
export class Tally {
  readonly #sent = new Map<string, number[]>();
  #fresh = 0;
  #kept = 0;
  #unknown = 0;
  #wantedZones = new Set<Zone>();

  sent(source: string, at: Instant): void {
    const times = this.#sent.get(source) ?? [];
    times.push(at);
    this.#sent.set(source, times);
  }

  /** Once a minute: what a decision would have had of each zone. */
  look(chain: ProviderChain, wanted: Wanted, now: Instant): void {
    const zones = chain.readingsAt(now);
    const signal = { generation: 1, at: now, zones, ranksBy: wanted };
    for (const zone of zones.keys()) {
      const reading = usableReading(signal, zone, now);
      if (reading.state === 'known') this.#wantedZones.add(zone);
      if (reading.state === 'unknown') this.#unknown += 1;
      else if (reading.freshUntil === null || now < reading.freshUntil) this.#fresh += 1;
      else this.#kept += 1;
    }
  }

  requests(source: string): number {
    return this.#sent.get(source)?.length ?? 0;
  }

  /** The most of any UTC day. */
  busiestDay(source: string): number {
    return most(this.#sent.get(source) ?? [], (first, at) => Math.floor(first / DAY) === Math.floor(at / DAY));
  }

  /** The most of any 60 seconds. */
  busiestMinute(source: string): number {
    return most(this.#sent.get(source) ?? [], (first, at) => first > at - MINUTE);
  }

  /** Shares of zone-minutes, 0 to 1, of the zones that ever had a value of the wanted kind. */
  shares(zones: number): { served: number; fresh: number; kept: number; unknown: number } {
    const minutes = (this.#fresh + this.#kept + this.#unknown) / zones;
    const whole = this.#wantedZones.size * minutes;
    const unserved = (zones - this.#wantedZones.size) * minutes;
    return {
      served: this.#wantedZones.size,
      fresh: this.#fresh / whole,
      kept: this.#kept / whole,
      unknown: (this.#unknown - unserved) / whole,
    };
  }
}

/** The longest run of moments that belong together, `times` ascending. */
function most(times: readonly number[], together: (first: number, at: number) => boolean): number {
  let [first, longest] = [0, 0];
  for (const [index, at] of times.entries()) {
    while (!together(times[first] ?? at, at)) first += 1;
    longest = Math.max(longest, index - first + 1);
  }
  return longest;
}
