import { Command } from 'commander';
import { evaluate } from '../../carbon/forecast/evaluation/evaluate.ts';
import { slotsOfDay } from '../../carbon/forecast/past.ts';
import type { Trace, TraceColumn } from '../../carbon/trace.ts';
import { formatDuration } from '../../policy/duration.ts';
import { SYSTEM_CLOCK } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { readTrace } from '../../sources/csv-trace/client.ts';
import { problemLines } from '../../sources/csv-trace/problems.ts';
import type { CommandIo } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { asJson } from './json.ts';
import { evaluateOptions, inSteps } from './options.ts';
import type { EvaluateFlags, EvaluateOptions } from './options.ts';
import { tableLines } from './table.ts';
import type { ColumnEvaluation } from './table.ts';

interface CommandContext {
  readonly io: CommandIo;
  /** Whether a person looks at standard error: then progress is told there. */
  readonly terminal?: boolean;
  readonly clock?: Clock;
}

/** Work that takes less is not worth a word. */
const QUIET_MS = 2_000;

/** `lowtide forecast`: how good forecasts of our own are. */
export function forecastCommand(context: CommandContext): Command {
  const forecast = new Command('forecast').description('work with forecasts of our own');
  forecast
    .command('evaluate')
    .description('measure the forecast on a trace, against persistence, day before and week before; no look-ahead')
    .requiredOption('--intensity <file>', 'CSV trace of carbon intensity')
    .option('--horizon <duration>', 'how far ahead', '24h')
    .option('--stride <duration>', 'from one forecast to the next (default: every step of the file)')
    .option('--burn-in <duration>', 'history before the first forecast (default: 720h)')
    .option('--column <name...>', 'only these columns')
    .option('--json', 'print {columns: [{column, forecasts, firstOrigin, lastOrigin, leads}]}')
    .action(async (flags: EvaluateFlags) => {
      await evaluateFile(evaluateOptions(flags), context);
    });
  return forecast;
}

async function evaluateFile(options: EvaluateOptions, context: CommandContext): Promise<void> {
  const read = await readTrace(options.file);
  if (!read.ok) throw new UsageError(problemLines(options.file, read));
  const columns = columnsOf(options, read.trace);
  const { stride } = inSteps(options, read.trace.step);
  const tell = progress(context);
  const evaluated = columns.map((column, index) => {
    return evaluateColumn(column, read.trace, {
      options,
      stride,
      tell: (done) => {
        tell((index + done) / columns.length);
      },
    });
  });
  const lines = options.json ? [asJson(evaluated)] : tableLines(evaluated);
  for (const line of lines) context.io.out(line);
}

function columnsOf({ file, columns }: EvaluateOptions, trace: Trace): readonly TraceColumn[] {
  if (slotsOfDay(trace.step) === null) {
    throw new UsageError([
      `${file}: steps of ${formatDuration(trace.step)}: a forecast needs steps that divide a day, 4h at most`,
    ]);
  }
  const missing = (columns ?? []).filter((name) => trace.columns.every((column) => column.name !== name));
  if (missing.length > 0) {
    const names = trace.columns.map(({ name }) => name).join(', ');
    throw new UsageError(missing.map((name) => `--column ${name}: ${file} has ${names}`));
  }
  return trace.columns.filter(({ name }) => columns?.includes(name) ?? true);
}

interface Run {
  readonly options: EvaluateOptions;
  /** In steps of the file. */
  readonly stride: number;
  readonly tell: (done: number) => void;
}

function evaluateColumn({ name, values }: TraceColumn, trace: Trace, { options, stride, tell }: Run): ColumnEvaluation {
  const { horizon, burnIn } = options;
  const series = { start: trace.start, step: trace.step, values: Float64Array.from(values, (value) => value ?? NaN) };
  const evaluation = evaluate(series, { horizon, burnIn, stride, onProgress: tell });
  if (evaluation !== null) return { column: name, evaluation };
  throw new UsageError([
    `${options.file}: column ${name}: nothing to score: needs more than ${formatDuration(burnIn)} of known values and ` +
      `${formatDuration(horizon)} after them (--burn-in, --horizon)`,
  ]);
}

function progress({ io, terminal = false, clock = SYSTEM_CLOCK }: CommandContext): (done: number) => void {
  let last = clock.monotonic();
  return (done) => {
    const now = clock.monotonic();
    if (!terminal || now - last < QUIET_MS) return;
    last = now;
    io.err(`lowtide: ${String(Math.floor(100 * done))} % evaluated`);
  };
}
