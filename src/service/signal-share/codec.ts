import { z } from 'zod';
import type { ZoneReport } from '../../carbon/report.ts';
import { instant, zone } from '../../carbon/units.ts';
import type { ChainState, SourceState } from '../../sources/chain/state.ts';
import { FAILURE_SCOPE } from '../../sources/failure.ts';
import type { FailureReason } from '../../sources/failure.ts';
import { ForecastRuns, forecastRuns, ObservedRuns, observedRuns } from './series.ts';

/** A state as texts: what is small and read by people, too, stands apart from what is large. */
export interface EncodedState {
  /** Reports and failures: JSON. */
  readonly payload: string;
  /** Circuits and budgets: JSON. */
  readonly sources: string;
}

/** What could be read; `state` may hold sources alone, where the payload could not. */
export interface DecodedState {
  readonly state: ChainState | null;
  /** Why something could not be read; null: all of it was. */
  readonly problem: string | null;
}

/** Raised whenever an older version could not read, or would misread, what this one writes. */
export const FORMAT = 1;

const reasons = Object.keys(FAILURE_SCOPE) as [FailureReason, ...FailureReason[]];
const Reason = z.enum(reasons);
const At = z.number().transform(instant);
const Count = z.int().nonnegative();
const Share = z.number().min(0).max(100).nullable();

const Report = z.object({
  zone: z.string().min(1).transform(zone),
  source: z.string().min(1),
  kind: z.enum(['average', 'marginal']),
  factor: z.enum(['lifecycle', 'direct']),
  observed: ObservedRuns,
  forecast: ForecastRuns,
  forecastBy: z.enum(['provider', 'own', 'trace']).nullable(),
  renewablePct: Share,
  percentile: Share,
  constant: z.boolean().nullable(),
  sandbox: z.boolean(),
  fetchedAt: At,
});

const Failure = z.object({
  zone: z.string().min(1).transform(zone),
  source: z.string().min(1),
  reason: Reason,
  failures: Count,
  at: At,
});

const Payload = z.object({
  format: z.literal(FORMAT, `expected format ${FORMAT}`),
  takenAt: At,
  reports: z.array(Report),
  failures: z.array(Failure),
});

const Source = z.object({
  id: z.string().min(1),
  circuit: z.object({ failures: Count, openUntil: At.nullable(), reason: Reason.nullable().catch(null) }),
  budget: z.object({ day: z.int(), used: Count }),
});

/** Writes a state. Reading it back gives exactly the same. */
export function encodeState({ takenAt, reports, failures, sources }: ChainState): EncodedState {
  const payload = { format: FORMAT, takenAt, reports: reports.map(compact), failures };
  return { payload: JSON.stringify(payload), sources: encodeSources(sources) };
}

/** Writes circuits and budgets alone, a line each. */
export function encodeSources(sources: readonly SourceState[]): string {
  return `[\n${sources.map((source) => JSON.stringify(source)).join(',\n')}\n]`;
}

/** Reads a state; never throws. A null stands for a text that is not there. */
export function decodeState(encoded: { readonly [Key in keyof EncodedState]: string | null }): DecodedState {
  const payload = parsed(Payload, encoded.payload, 'reports');
  const sources = decodeSources(encoded.sources);
  const problems = [payload.problem, sources.problem].filter((problem) => problem !== null);
  const problem = problems.length > 0 ? problems.join('; ') : null;
  if (payload.value === null && sources.value === null) return { state: null, problem };
  const { takenAt, reports, failures } = payload.value ?? { takenAt: instant(0), reports: [], failures: [] };
  return { state: { takenAt, reports, failures, sources: sources.value ?? [] }, problem };
}

/** Reads circuits and budgets alone; never throws. */
export function decodeSources(text: string | null): {
  readonly value: readonly SourceState[] | null;
  readonly problem: string | null;
} {
  return parsed(z.array(Source), text, 'sources');
}

/** Reads JSON through a schema; what is wrong is said with its place, the first place only. */
export function parsed<Value>(
  schema: z.ZodType<Value>,
  text: string | null,
  what: string,
): { readonly value: Value | null; readonly problem: string | null } {
  if (text === null) return { value: null, problem: `${what}: missing` };
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return { value: result.data, problem: null };
  const [issue] = result.error.issues;
  const place = [what, ...(issue?.path ?? [])].join('.');
  return { value: null, problem: `${place}: ${issue?.message ?? 'not understood'}` };
}

function compact(report: ZoneReport): object {
  return { ...report, observed: observedRuns(report.observed), forecast: forecastRuns(report.forecast) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
