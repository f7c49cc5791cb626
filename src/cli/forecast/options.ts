import { BURN_IN } from '../../carbon/forecast/evaluation/evaluate.ts';
import type { Millis } from '../../carbon/units.ts';
import { formatDuration, parseDuration } from '../../policy/duration.ts';
import { UsageError } from '../usage-error.ts';

/** The command line's flags, as typed. */
export interface EvaluateFlags {
  readonly intensity: string;
  readonly horizon: string;
  readonly stride?: string;
  readonly burnIn?: string;
  readonly column?: readonly string[];
  readonly json?: boolean;
}

/** What `lowtide forecast evaluate` works with. */
export interface EvaluateOptions {
  readonly file: string;
  readonly horizon: Millis;
  /** Null: every step of the file. */
  readonly stride: Millis | null;
  readonly burnIn: Millis;
  /** Null: all. */
  readonly columns: readonly string[] | null;
  readonly json: boolean;
}

/**
 * Reads the flags.
 * @throws UsageError with a line for everything that is not accepted.
 */
export function evaluateOptions(flags: EvaluateFlags): EvaluateOptions {
  const problems: string[] = [];
  const duration = (flag: string, text: string): Millis => {
    const read = parseDuration(text);
    if (read !== null && read > 0) return read;
    problems.push(`--${flag} ${text}: expected a duration above 0, e.g. 24h`);
    return BURN_IN;
  };
  const horizon = duration('horizon', flags.horizon);
  const stride = flags.stride === undefined ? null : duration('stride', flags.stride);
  const burnIn = flags.burnIn === undefined ? BURN_IN : duration('burn-in', flags.burnIn);
  if (problems.length > 0) throw new UsageError(problems);
  const { intensity: file, column: columns = null, json = false } = flags;
  return { file, horizon, stride, burnIn, columns, json };
}

/**
 * Lengths that have to fit the file's step: how many steps they are.
 * @throws UsageError where they are no whole number of steps.
 */
export function inSteps(options: EvaluateOptions, step: Millis): { readonly stride: number } {
  const { file, horizon, stride } = options;
  const flags = { horizon, ...(stride === null ? {} : { stride }) };
  const problems = Object.entries(flags)
    .filter(([, length]) => !Number.isInteger(length / step))
    .map(
      ([flag, length]) =>
        `--${flag} ${formatDuration(length)}: expected a whole number of the steps of ${file}, ${formatDuration(step)} each`,
    );
  if (problems.length > 0) throw new UsageError(problems);
  return { stride: stride === null ? 1 : stride / step };
}
