import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { EnergySource } from './energy.ts';
import { REMARKS, shownTime, SKIPPED } from './past-job.ts';
import type { PastJob, Remark, SkipReason } from './past-job.ts';

/** Counts what became of the Jobs that were read. */
export class ReplaySummary {
  jobs = 0;
  energyKwh = 0;
  readonly skipped = new Map<SkipReason, number>();
  readonly remarks = new Map<Remark, number>();
  readonly energyFrom = new Map<EnergySource, number>();
  /** How many are known to have run in one region. */
  withHome = 0;
  #first = Infinity;
  #last = -Infinity;

  skip(reason: SkipReason): void {
    count(this.skipped, reason);
  }

  keep({ arrival, duration, deadline, energy, home, remarks }: PastJob): void {
    this.jobs += 1;
    this.energyKwh += energy.kwh;
    count(this.energyFrom, energy.source);
    for (const remark of remarks) count(this.remarks, remark);
    if (home !== null) this.withHome += 1;
    this.#first = Math.min(this.#first, arrival);
    this.#last = Math.max(this.#last, arrival + duration, deadline ?? 0);
  }

  /** First arrival, and the last end or deadline; null: no job. */
  span(): { readonly first: Instant; readonly last: Instant } | null {
    return this.jobs === 0 ? null : { first: instant(this.#first), last: instant(this.#last) };
  }

  /** What was left out and why, and what the file cannot tell, a line each. */
  notes(): readonly string[] {
    const estimated = this.energyFrom.get('CPU and memory requests') ?? 0;
    return [
      ...Array.from(this.skipped, ([reason, jobs]) => `${jobs} left out: ${SKIPPED[reason]}`),
      ...Array.from(this.remarks, ([remark, jobs]) => `${jobs} kept, ${REMARKS[remark]}`),
      ...(estimated === 0 ? [] : [`${estimated} with an ESTIMATED energy: ${ESTIMATE}`]),
    ];
  }
}

const ESTIMATE =
  '2.12 W a vCPU and 0.392 W a GB requested, times PUE 1.135 (Cloud Carbon Footprint: average AWS server, 50 % load)';

/** How the file is used next. */
export function nextCommand(file: string): string {
  return `lowtide simulate --jobs ${shellWord(file)} --intensity INTENSITY.csv --forecast rolling`;
}

/** What INTENSITY.csv must be. */
export function intensityWanted(summary: ReplaySummary): string {
  const span = summary.span();
  if (span === null) return '';
  return (
    `INTENSITY.csv: a column for each region in gCO2eq/kWh, from ${shownTime(span.first)} or before ` +
    `until ${shownTime(span.last)} and the longest delay after it`
  );
}

function shellWord(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
