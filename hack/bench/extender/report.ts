import type { Measured } from './measure.ts';
import { ratioOf, spanText } from '../statistics.ts';
import type { Ratio, Times } from '../statistics.ts';
import type { Contender } from './servers.ts';

/** The outcome for one workload, ready for JSON. */
export interface WorkloadReport {
  readonly workload: string;
  /** Milliseconds a pair, one entry a repeat. */
  readonly servers: Readonly<Partial<Record<Contender, readonly Times[]>>>;
  /** Lowtide's time over another's, at p50 and p99. */
  readonly ratios: Readonly<Record<string, Readonly<Record<keyof Times, Ratio>>>>;
}

export function reportOf(workload: string, measured: Measured): WorkloadReport {
  const ours = measured.get('lowtide');
  const others = [...measured].filter(([name]) => name !== 'lowtide');
  const ratios = ours === undefined ? [] : others.map(([name, theirs]) => [`lowtide/${name}`, both(ours, theirs)]);
  return {
    workload,
    servers: Object.fromEntries(measured),
    ratios: Object.fromEntries(ratios) as WorkloadReport['ratios'],
  };
}

function both(ours: readonly Times[], theirs: readonly Times[]): Record<keyof Times, Ratio> {
  const of = (key: keyof Times): Ratio =>
    ratioOf(
      ours.map((times) => times[key]),
      theirs.map((times) => times[key]),
    );
  return { p50: of('p50'), p99: of('p99') };
}

/** The report as a person reads it. */
export function reportLines({ workload, servers, ratios }: WorkloadReport): readonly string[] {
  const lines = [`${workload} (ms a pair filter + prioritize, one column a repeat)`];
  for (const [name, times] of Object.entries(servers)) {
    const row = (key: keyof Times): string => times.map((each) => each[key].toFixed(2).padStart(6)).join(' ');
    lines.push(`  ${name.padEnd(8)} p50 ${row('p50')}   p99 ${row('p99')}`);
  }
  for (const [name, { p50, p99 }] of Object.entries(ratios)) {
    lines.push(`  ${name.padEnd(13)} p50 ${spanText(p50)}   p99 ${spanText(p99)}`);
  }
  return lines;
}
