import assert from 'node:assert/strict';
import { UNKNOWN_REASONS, usableReading } from '../../src/carbon/reading.ts';
import type { Reading, Signal } from '../../src/carbon/types.ts';
import { region, zone } from '../../src/carbon/units.ts';
import type { Instant, Zone } from '../../src/carbon/units.ts';
import { rankRegions } from '../../src/placement/rank.ts';
import { placementIntent } from '../../src/policy/intent.ts';
import type { Policy } from '../../src/policy/types.ts';
import type { ProviderChain } from '../../src/sources/chain/provider-chain.ts';
import { MINUTE } from './zone-reports.ts';
import { FakeCatalog, policy, regionFacts, world } from './world.ts';

/** Regions of the day: two of them share a zone, so there are fewer zones than regions. */
const ZONE_OF: Readonly<Record<string, string>> = {
  'eu-central-1': 'DE',
  'eu-west-3': 'FR',
  'eu-west-2': 'GB',
  'us-west-1': 'US-CAL-CISO',
  'us-west-3': 'US-CAL-CISO',
};
export const DAY_ZONES: readonly Zone[] = [...new Set(Object.values(ZONE_OF))].map(zone);

const POLICY: Policy = {
  ...policy(),
  regions: new Map(
    Object.entries(ZONE_OF).map(([name, of]) => [region(name), { ...regionFacts(name), zone: zone(of) }]),
  ),
};
const CATALOG = new FakeCatalog(Object.fromEntries(Object.keys(ZONE_OF).map((name) => [`node-${name}`, name])));

/** What a provider gave to whoever asked, healthy or not: its own name, zone and value. */
export class Ledger {
  readonly #given = new Set<string>();

  gave(source: string, of: string, value: number): void {
    this.#given.add(entry(source, of, value));
  }

  knows(source: string, of: string, value: number): boolean {
    return this.#given.has(entry(source, of, value));
  }
}

/** Units are converted on the way: the last digits may differ. */
function entry(source: string, of: string, value: number): string {
  return `${source} ${of} ${value.toFixed(6)}`;
}

/** A time of trouble, in minutes of the day. */
export interface Trouble<Fault> {
  readonly source: string;
  readonly from: number;
  readonly to: number;
  readonly fault: Fault;
}

export function troubleAt<Fault>(day: readonly Trouble<Fault>[], source: string, minute: number): Fault | null {
  return day.find((each) => each.source === source && minute >= each.from && minute < each.to)?.fault ?? null;
}

/** Looks at a chain once a minute, and asserts what must hold whatever befalls its providers. */
export class Watcher {
  /** Of each minute, by zone: the source that speaks, or the reason why none does. */
  readonly speaks: ReadonlyMap<Zone, string>[] = [];
  readonly #chain: ProviderChain;
  readonly #ledger: Ledger;

  constructor(chain: ProviderChain, ledger: Ledger) {
    this.#chain = chain;
    this.#ledger = ledger;
  }

  look(now: Instant): void {
    const zones = this.#chain.readingsAt(now);
    const signal: Signal = { generation: 1, at: now, zones, ranksBy: { kind: 'average', factor: 'lifecycle' } };
    const speaks = new Map<Zone, string>();
    for (const each of DAY_ZONES) {
      const reading = zones.get(each);
      assert.ok(reading !== undefined, `${each} has a reading`);
      this.#assertGiven(each, reading);
      const usable = usableReading(signal, each, now);
      speaks.set(each, usable.state === 'known' ? usable.source : usable.reason);
      if (usable.state === 'known') assert.deepEqual([usable.kind, usable.factor], ['average', 'lifecycle']);
    }
    this.speaks.push(speaks);
    assertDefined(signal, now);
  }

  /** Minutes of the day at which some zone had no value. */
  unknownMinutes(): readonly number[] {
    const reasons: readonly string[] = UNKNOWN_REASONS;
    return this.speaks.flatMap((each, minute) => {
      return [...each.values()].some((source) => reasons.includes(source)) ? [minute] : [];
    });
  }

  /** Who spoke for the zones at a minute; one name where all agree. */
  at(minute: number): string {
    return [...new Set(this.speaks[minute]?.values())].join(', ');
  }

  #assertGiven(of: Zone, reading: Reading): void {
    if (reading.state === 'unknown') assert.ok(UNKNOWN_REASONS.includes(reading.reason));
    else assert.ok(this.#ledger.knows(reading.source, of, reading.value), `${reading.source} ${of} ${reading.value}`);
  }
}

/** What the extender would answer: a whole score of 0 to 10 for every region, and a best one. */
function assertDefined(signal: Signal, now: Instant): void {
  const regions = [...POLICY.regions.keys()];
  const ranked = rankRegions(
    regions,
    placementIntent({}, POLICY),
    world({ policy: POLICY, signal, catalog: CATALOG, now }),
  );
  assert.equal(ranked.length, regions.length);
  for (const { score, total, region: of } of ranked) {
    assert.ok(Number.isInteger(score) && score >= 0 && score <= 10, `${of}: score ${score}`);
    assert.ok(Number.isFinite(total), `${of}: total ${total}`);
  }
  assert.ok(ranked.some(({ score }) => score === 10));
}

/** The most requests of any 60 seconds. */
export function busiestMinute(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let [first, most] = [0, 0];
  for (const [index, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - MINUTE) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** The most requests of any UTC day. */
export function busiestDay(times: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const at of times) {
    const day = Math.floor(at / (1440 * MINUTE));
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
