import { fitForecaster } from '../../carbon/forecast/forecaster.ts';
import { OWN_HORIZON } from '../../carbon/forecast/own.ts';
import type { Fit } from '../../carbon/forecast/types.ts';
import { ownTraceForecast } from '../../carbon/own-trace-forecast.ts';
import { conflictMessage, isTraceSpeed, nextBoundary, readingsAt, resolveColumns } from '../../carbon/trace.ts';
import type { Trace, TraceClock } from '../../carbon/trace.ts';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { SourceOf } from '../../service/signal-keeper.ts';
import { readTrace } from '../../sources/csv-trace/client.ts';
import { problemLines } from '../../sources/csv-trace/problems.ts';
import { staticReadings } from '../../sources/static/readings.ts';
import { UsageError } from '../usage-error.ts';
import type { SourceConfig } from '../sources/config.ts';

/** A thousand years. Far beyond it milliseconds can no longer be told apart. */
const FARTHEST_MS = 1000 * 365.25 * 86_400_000;

const fitOwn: Fit = (history) => fitForecaster(history, OWN_HORIZON);

type TraceConfig = NonNullable<SourceConfig['trace']>;
type StaticConfig = NonNullable<SourceConfig['static']>;

/**
 * Opens the configured sources; `start` is the wall time at which traces begin.
 * @throws UsageError where a trace cannot be used, or its columns contradict one another.
 */
export async function openSources(
  configs: readonly SourceConfig[],
  policy: Policy,
  start: Instant,
): Promise<readonly SourceOf[]> {
  const opened: SourceOf[] = [];
  for (const config of configs) {
    if (config.trace !== undefined) opened.push(await traceSource(config.trace, policy, start));
    if (config.static !== undefined) opened.push(staticSource(config.static, start));
  }
  return opened;
}

async function traceSource(config: TraceConfig, policy: Policy, start: Instant): Promise<SourceOf> {
  const read = await readTrace(config.file);
  if (!read.ok) throw new UsageError(problemLines(config.file, read));
  const { trace } = read;
  const conflicts = [...resolveColumns(trace, policy.regions).conflicts.values()];
  if (conflicts.length > 0) {
    throw new UsageError(conflicts.map((conflict) => `${config.file}: ${conflictMessage(conflict)}`));
  }
  const clock = clockOf(config, trace, start);
  const forecast = config.forecast === 'own' ? ownTraceForecast(trace, { fit: fitOwn }) : config.forecast;
  return ({ regions }) => {
    const replay = { trace, columns: resolveColumns(trace, regions), clock, forecast };
    return {
      readingsAt: (now) => readingsAt(replay, now),
      nextChange: (now) => nextBoundary(trace, clock, now),
    };
  };
}

function clockOf({ speed = 1, start }: TraceConfig, trace: Trace, wallStart: Instant): TraceClock {
  if (!isTraceSpeed(speed)) throw new UsageError([`trace speed ${speed}: expected 0.001 to 1000000, e.g. 60`]);
  const traceStart = start === undefined ? trace.start : instant(Date.parse(start));
  const away = Math.abs(traceStart - trace.start) / speed;
  if (away > FARTHEST_MS) {
    throw new UsageError([
      `trace start ${start ?? ''}: at this speed the trace begins more than a thousand years away`,
    ]);
  }
  return { wallStart, traceStart, speed };
}

function staticSource({ values, kind, emissionFactor }: StaticConfig, since: Instant): SourceOf {
  const declared = { values: new Map(Object.entries(values)), kind, factor: emissionFactor };
  return ({ regions }) => {
    const readings = staticReadings(declared, regions, since);
    return { readingsAt: () => readings, nextChange: () => null };
  };
}
