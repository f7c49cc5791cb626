import type { Report } from '../../../simulation/report.ts';
import type { SweepPoint } from '../sweep.ts';

/** The report for programs; with a sweep, what each price bought as a list besides. */
export function reportJson(report: Report, sweep: readonly SweepPoint[] | null): string {
  return JSON.stringify(sweep === null ? report : { ...report, sweep: sweep.map(pointOf) }, null, 2);
}

function pointOf({ price, report }: SweepPoint): object {
  const { kg, reductionPct, meanDelayMin, p50DelayMin, p95DelayMin, maxDelayMin, deadlineMisses } = report.schedule;
  const { shareOfOraclePct, shareBeyondSpacePct } = report;
  const delays = { meanDelayMin, p50DelayMin, p95DelayMin, maxDelayMin };
  return { price, kg, reductionPct, shareOfOraclePct, shareBeyondSpacePct, ...delays, deadlineMisses };
}
