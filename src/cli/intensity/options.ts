import { extname } from 'node:path';
import { UsageError } from '../usage-error.ts';

/** The command line's flags, as typed. */
export interface IntensityFlags {
  readonly region?: readonly string[];
  readonly config?: string;
  readonly policy?: string;
  readonly trace?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly chart?: string;
  readonly all?: boolean;
}

/** A picture to be written. */
export interface ChartFile {
  readonly file: string;
  readonly format: 'svg' | 'png';
}

/** What `lowtide intensity` works with. */
export interface IntensityOptions {
  /** Regions or zones, as named; `policy`: the policy's regions; `all`: every region of the shipped table. */
  readonly names: readonly string[] | 'policy' | 'all';
  readonly config: string | null;
  /** Null: the configuration's, else the one that ships with Lowtide. */
  readonly policy: string | null;
  /** Stands above the configuration's sources. */
  readonly trace: string | null;
  readonly json: boolean;
  readonly watch: boolean;
  readonly chart: ChartFile | null;
}

/**
 * Reads names and flags.
 * @throws UsageError with a line for everything that is not accepted.
 */
export function intensityOptions(args: readonly string[], flags: IntensityFlags): IntensityOptions {
  const named = [...new Set([...args, ...(flags.region ?? [])])];
  const chart = flags.chart === undefined ? null : chartFile(flags.chart);
  const problems = [...contradictions(named, flags), ...(typeof chart === 'string' ? [chart] : [])];
  if (typeof chart === 'string' || problems.length > 0) throw new UsageError(problems);
  return {
    names: namesOf(named, flags),
    ...{ config: flags.config ?? null, policy: flags.policy ?? null, trace: flags.trace ?? null },
    ...{ json: flags.json === true, watch: flags.watch === true, chart },
  };
}

function namesOf(named: readonly string[], { all }: IntensityFlags): IntensityOptions['names'] {
  if (all === true) return 'all';
  return named.length > 0 ? named : 'policy';
}

function contradictions(named: readonly string[], { all, watch, chart }: IntensityFlags): string[] {
  const found: readonly (readonly [boolean, string])[] = [
    [named.length > 0 && all === true, '--all shows every region: name regions or give --all, not both'],
    [chart !== undefined && watch === true, '--chart draws one moment: leave --watch out'],
  ];
  return found.flatMap(([wrong, line]) => (wrong ? [line] : []));
}

/** The file, or what is wrong with its name. */
function chartFile(file: string): ChartFile | string {
  const ending = extname(file).toLowerCase();
  if (ending !== '.svg' && ending !== '.png') return `--chart ${file}: expected a file that ends in .svg or .png`;
  return { file, format: ending === '.svg' ? 'svg' : 'png' };
}
