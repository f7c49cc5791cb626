import { lastUse } from '../../carbon/report-reading.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import type { ReportStore } from './report-store.ts';
import type { SourceLink } from './source-link.ts';
import type { ChainState } from './state.ts';

/** Whose memory another replica's state goes into. */
export interface Heir {
  readonly links: readonly SourceLink[];
  readonly store: ReportStore;
  readonly now: Instant;
  /** Whether circuits and failures are to be taken too: they are not older than the heir's own. */
  readonly current: boolean;
}

/** Everything that may still be used, sources in their order and zones in theirs. */
export function stateOf(links: readonly SourceLink[], zones: ReadonlySet<Zone>, now: Instant): ChainState {
  const reports = links.flatMap((link) =>
    Array.from(zones, (zone) => link.report(zone)).filter(
      (report) => report !== null && now < lastUse(report, link.source.ages),
    ),
  );
  const order = new Map(Array.from(zones, (zone, index) => [zone, index]));
  const failures = links.flatMap((link) =>
    link.failures().toSorted((a, b) => (order.get(a.zone) ?? 0) - (order.get(b.zone) ?? 0)),
  );
  return {
    takenAt: now,
    reports: reports.filter((report) => report !== null),
    failures,
    sources: links.map((link) => link.state()),
  };
}

/** Takes over what the state says of sources that the heir has too; other sources are no concern of its. */
export function adoptState(state: ChainState, { links, store, now, current }: Heir): void {
  for (const link of links) {
    for (const report of state.reports) {
      if (report.source === link.id) store.merge(link.id, report, link.source.ages, now);
    }
    const source = state.sources.find(({ id }) => id === link.id);
    if (source === undefined) continue;
    link.source.meter.adopt(source.budget);
    const failures = state.failures.filter((failure) => failure.source === link.id);
    if (current) link.adopt(source.circuit, failures);
  }
}
