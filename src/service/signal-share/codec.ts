import { z } from 'zod';
import type { ZoneReport } from '../../carbon/report.ts';
import { instant, zone } from '../../carbon/units.ts';
import type { ChainState, SourceState, ZoneFailure } from '../../sources/chain/state.ts';
import { FAILURE_SCOPE } from '../../sources/failure.ts';
import type { FailureReason } from '../../sources/failure.ts';
import { Lines, parsed } from './lines.ts';
import type { Breathe, LineFormat, Parsed } from './lines.ts';
import { ForecastRuns, forecastRuns, ObservedRuns, observedRuns } from './series.ts';

/** A state as texts; null stands for one that is not there. What is small and read by people, too, stands apart. */
export interface EncodedState {
  /** Failures and reports: a line of JSON each. */
  readonly payload: string | null;
  /** Circuits and budgets: JSON. */
  readonly sources: string | null;
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

const Frame = z.object({
  format: z.literal(FORMAT, `expected format ${FORMAT}`),
  takenAt: At,
  failures: z.array(Failure),
});

const Source = z.object({
  id: z.string().min(1),
  circuit: z.object({ failures: Count, openUntil: At.nullable(), reason: Reason.nullable().catch(null) }),
  budget: z.object({ day: z.int(), used: Count }),
});

const NOTHING = { takenAt: instant(0), failures: [] as readonly ZoneFailure[] };

/** Writes and reads the state of a chain; reading what was written gives exactly the same. */
export class StateCodec {
  readonly #lines: Lines<z.infer<typeof Frame>, ZoneReport>;

  constructor(breathe: Breathe) {
    const format: LineFormat<z.infer<typeof Frame>, ZoneReport> = {
      name: 'reports',
      frame: Frame,
      item: Report,
      writeItem: writeReport,
    };
    this.#lines = new Lines(format, breathe);
  }

  /** Failures and reports. */
  encode({ takenAt, failures, reports }: ChainState): Promise<string> {
    return this.#lines.encode({ format: FORMAT, takenAt, failures: [...failures] }, reports);
  }

  /** Never throws. */
  async decode(encoded: EncodedState): Promise<DecodedState> {
    const payload = await this.#lines.decode(encoded.payload);
    const sources = decodeSources(encoded.sources);
    const problems = [payload.problem, sources.problem].filter((problem) => problem !== null);
    const problem = problems.length > 0 ? problems.join('; ') : null;
    if (payload.value === null && sources.value === null) return { state: null, problem };
    const { takenAt, failures } = payload.value?.frame ?? NOTHING;
    const reports = payload.value?.items ?? [];
    return { state: { takenAt, reports, failures, sources: sources.value ?? [] }, problem };
  }
}

/** Writes circuits and budgets, a line each. */
export function encodeSources(sources: readonly SourceState[]): string {
  return `[\n${sources.map((source) => JSON.stringify(source)).join(',\n')}\n]`;
}

/** Reads circuits and budgets; never throws. */
export function decodeSources(text: string | null): Parsed<readonly SourceState[]> {
  return text === null ? { value: null, problem: 'sources: missing' } : parsed(z.array(Source), text, 'sources');
}

function writeReport(report: ZoneReport): string {
  const { observed, forecast } = report;
  return JSON.stringify({ ...report, observed: observedRuns(observed), forecast: forecastRuns(forecast) });
}
