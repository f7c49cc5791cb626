import NodeCache from 'node-cache';
import { lastUse, readingAt } from '../../carbon/report-reading.ts';
import type { SignalAges, ZoneReport } from '../../carbon/report.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import { isFresh } from './reading-rank.ts';

/**
 * The newest report of each source and zone. node-cache bounds the memory, by the machine's clock; whether a report may
 * still be used is told by its reading, on the clock that is passed in.
 */
export class ReportStore {
  readonly #reports = new NodeCache({ useClones: false, checkperiod: 0 });

  get(source: string, zone: Zone): ZoneReport | null {
    return this.#reports.get<ZoneReport>(keyOf(source, zone)) ?? null;
  }

  /** Keeps what has just been fetched, unless it would put older data in the place of newer; whether it was kept. */
  keep(source: string, report: ZoneReport, ages: SignalAges, now: Instant): boolean {
    const earlier = this.get(source, report.zone);
    if (earlier !== null && !mayReplace(report, earlier, ages, now)) return false;
    this.#set(source, report, ages, now);
    return true;
  }

  /** Takes another replica's report where it is newer than ours; whether it was. */
  merge(source: string, report: ZoneReport, ages: SignalAges, now: Instant): boolean {
    const earlier = this.get(source, report.zone);
    if (lastUse(report, ages) <= now || (earlier !== null && !wasFetchedAfter(report, earlier, now))) return false;
    this.#set(source, report, ages, now);
    return true;
  }

  /** Forgets whatever is not of these keys. */
  retain(sources: readonly string[], zones: ReadonlySet<Zone>): void {
    const wanted = new Set(sources.flatMap((source) => Array.from(zones, (zone) => keyOf(source, zone))));
    this.#reports.del(this.#reports.keys().filter((key) => !wanted.has(key)));
  }

  close(): void {
    this.#reports.flushAll();
    this.#reports.close();
  }

  #set(source: string, report: ZoneReport, ages: SignalAges, now: Instant): void {
    const seconds = Math.max(1, Math.ceil((lastUse(report, ages) - now) / 1000));
    this.#reports.set(keyOf(source, report.zone), report, seconds);
  }
}

function mayReplace(report: ZoneReport, earlier: ZoneReport, ages: SignalAges, now: Instant): boolean {
  // Fetched "later" than now: the clock was set back since.
  if (earlier.fetchedAt > report.fetchedAt && earlier.fetchedAt <= now) return false;
  const [end, earlierEnd] = [report.observed.at(-1)?.end, earlier.observed.at(-1)?.end];
  // Without anything observed there is nothing that could be older.
  if (end === undefined || earlierEnd === undefined || end >= earlierEnd) return true;
  return isFresh(readingAt(report, ages, now), now) && !isFresh(readingAt(earlier, ages, now), now);
}

function wasFetchedAfter(report: ZoneReport, earlier: ZoneReport, now: Instant): boolean {
  return earlier.fetchedAt > now ? report.fetchedAt <= now : report.fetchedAt > earlier.fetchedAt;
}

/** Ids of sources hold no line break. */
function keyOf(source: string, zone: Zone): string {
  return `${source}\n${zone}`;
}
