import type { SweepPoint } from '../sweep.ts';
import { alignedLines, figure, mass } from './columns.ts';

const HEADING = ['PRICE', 'KG CO2EQ', 'SAVED %', 'OF THE ORACLE %', 'DELAY, MIN: MEAN', 'P50', 'P95', 'MAX'];

/** What each price bought, as lines; null: no sweep was asked for. */
export function sweepLines(sweep: readonly SweepPoint[] | null): readonly string[] {
  if (sweep === null) return [];
  const rows = sweep.map(({ price, report: { schedule, shareOfOraclePct } }) => [
    ...[String(price), mass(schedule.kg), figure(schedule.reductionPct, 2), figure(shareOfOraclePct, 2)],
    ...[schedule.meanDelayMin, schedule.p50DelayMin, schedule.p95DelayMin, schedule.maxDelayMin].map((delay) =>
      figure(delay),
    ),
  ]);
  return ['', 'by price, gCO2eq per kWh that an hour of delay must save:', ...alignedLines([HEADING, ...rows])];
}
