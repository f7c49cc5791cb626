import { Command, Option } from 'commander';
import { SYSTEM_CLOCK } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import type { Report } from '../../simulation/report.ts';
import type { CommandIo } from '../io.ts';
import { generate } from './generate.ts';
import { readInput } from './inputs.ts';
import { DECIDERS } from './names.ts';
import { simulateRequest } from './options.ts';
import type { SimulateFlags, SimulateOptions } from './options.ts';
import { outcomeOf } from './outcome.ts';
import { reportJson } from './output/json.ts';
import { writeSchedule } from './output/schedule-csv.ts';
import { mustBeWritable } from './output/unwritable.ts';
import { ProgressBar } from './progress.ts';
import { reportLines } from './table/report.ts';
import { sweepLines } from './table/sweep.ts';

interface CommandContext {
  readonly io: CommandIo;
  /** Draws on standard error as it is, without line ends; null: nobody looks. */
  readonly draw: ((text: string) => void) | null;
  readonly clock?: Clock;
}

/** `lowtide simulate`: what the service's own decisions would have saved, on recorded grids and jobs. */
export function simulateCommand(context: CommandContext): Command {
  const files = '--generate, --jobs and --intensity: docs/simulate.md describes the files and every figure.';
  return new Command('simulate')
    .description(
      "run a list of jobs by the service's own decisions on a recorded grid; exit 1 if some cannot be billed",
    )
    .option('--jobs <file>', 'jobs.csv: id,arrival,class,duration_min,energy_kwh,residency and more')
    .option('--intensity <file>', 'intensity.csv: time,<region>[,<region>…], gCO2eq/kWh')
    .option('--policy <file>', 'policy document (default: the one that ships with lowtide, with all regions it knows)')
    .option('--strategy <name>', `for every job: ${DECIDERS.join(', ')} (default: each class's own)`)
    .option('--forecast <model>', 'perfect, none, noise:5%, persistence, rolling or file:F.csv', 'rolling')
    .option('--nowcast [true|false]', "whether the current slot's own value is seen (default: true)")
    .option('--durations <shown>', 'what a strategy knows of durations: known, class or unknown', 'known')
    .option('--baseline <kind>', 'random (the expectation) or home', 'random')
    .option('--price <grams>', "gCO2eq per kWh that an hour of delay must save (default: each class's own)")
    .option('--sweep', 'try many prices: the curve of saving against delay')
    .addOption(capacityOption())
    .option('--seed <number>', 'for noise, and for --generate', '0')
    .option('--out <file>', 'write schedule.csv; with --generate the folder')
    .option('--chart <file>', 'draw emissions and queue over time, or the sweep, into FILE.svg or FILE.png')
    .option('--json', 'print the report for programs')
    .option('--generate <name>', 'write jobs.csv and intensity.csv of a scenario instead: seed-000')
    .addHelpText('after', `\n${files}`)
    .action(async (flags: SimulateFlags, command: Command) => {
      const request = simulateRequest(typedFlags(flags, command));
      if (request.kind === 'generate') await generate(request.request, context.io);
      else await run(request.options, context);
    });
}

/** Given again and again, not as a list, which would swallow what follows. */
function capacityOption(): Option {
  return new Option(
    '--capacity <region=n>',
    'most jobs planned into a region at once; may be given for each region',
  ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);
}

/** Those that somebody typed: a default does not contradict anything. */
function typedFlags(flags: SimulateFlags, command: Command): SimulateFlags {
  const typed = Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(typed);
}

async function run(options: SimulateOptions, { io, draw, clock = SYSTEM_CLOCK }: CommandContext): Promise<void> {
  if (options.out !== null) mustBeWritable('--out', options.out);
  if (options.chart !== null) mustBeWritable('--chart', options.chart.file);
  const bar = new ProgressBar(draw === null ? null : { write: draw, clock });
  const input = await readInput(options);
  const outcome = outcomeOf(input, options, bar);
  bar.end();
  const { report, simulation, sweep } = outcome;
  if (options.out !== null) writeSchedule(options.out, { jobs: input.jobs, truth: input.truth, simulation });
  if (options.chart !== null) {
    // Drawing takes a fifth of a second to load: only who wants a picture waits for it.
    const { writeChart } = await import('./chart/write.ts');
    await writeChart(options.chart, { input, options, ...outcome });
  }
  if (options.json) io.out(reportJson(report, sweep));
  else for (const line of [...reportLines({ report, input, options }), ...sweepLines(sweep)]) io.out(line);
  complain(report, options, io);
}

function complain({ unbillable, jobs }: Report, { intensity }: SimulateOptions, io: CommandIo): void {
  if (unbillable === 0) return;
  io.err(
    `lowtide: ${unbillable} of ${jobs} jobs arrive before ${intensity} or could run past its end: they are in no ` +
      'figure; give more of it, or leave them out',
  );
  io.exit(1);
}
