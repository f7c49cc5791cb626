import type { Wanted } from '../../carbon/types.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import { satisfies } from './reading-rank.ts';
import type { SourceLink } from './source-link.ts';

/** A login, and one request that is repeated after it. */
const SPARE = 2;

/** The sources that have a name for the zone, in the order of asking: those of the wanted kind before all others. */
export function askingOrder(links: readonly SourceLink[], zone: Zone, wanted: Wanted): readonly SourceLink[] {
  const named = links.filter(({ source }) => source.nameOf(zone) !== null);
  const isWanted = ({ source: { provider } }: SourceLink): boolean =>
    provider.kind === wanted.kind && provider.factor === wanted.factor;
  return [...named.filter(isWanted), ...named.filter((link) => !isWanted(link))];
}

/** When each source would next be asked for the zone, if those before it stay as they are. */
export function askTimes(
  order: readonly SourceLink[],
  zone: Zone,
  wanted: Wanted,
  now: Instant,
): ReadonlyMap<SourceLink, Instant> {
  const times = new Map<SourceLink, Instant>();
  let needed = instant(-Infinity);
  for (const link of order) {
    times.set(link, instant(Math.max(needed, link.dueAt(zone), link.readyAt())));
    const reading = link.reading(zone, now);
    if (reading?.state !== 'known' || !satisfies(reading, wanted, now)) continue;
    if (reading.freshUntil === null) break;
    needed = instant(Math.max(needed, reading.freshUntil));
  }
  return times;
}

/** Requests that a round at this moment may take at most, by the ids of the sources that may be asked. */
export function requestsOf(
  links: readonly SourceLink[],
  askedFor: (link: SourceLink) => number,
): ReadonlyMap<string, number> {
  const requests = new Map<string, number>();
  for (const link of links) {
    const zones = askedFor(link);
    const { provider, requestsPerReport } = link.source;
    const reports = provider.serves === 'all' ? Math.min(1, zones) : zones;
    if (reports > 0) requests.set(link.id, reports * requestsPerReport + SPARE);
  }
  return requests;
}
