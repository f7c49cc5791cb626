import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { Millis } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import { SYSTEM_CLOCK } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import { readRegionsTable } from '../../sources/regions/client.ts';
import type { CommandIo } from '../io.ts';
import { serveOptions } from '../serve/options.ts';
import { policyIn } from '../policy-file.ts';
import { openIntensity } from './open.ts';
import { intensityOptions } from './options.ts';
import type { IntensityFlags, IntensityOptions } from './options.ts';
import { Showing } from './show.ts';

/** Lets time pass, until the signal ends the waiting. */
export type Wait = (length: Millis, signal: AbortSignal) => Promise<void>;

interface CommandContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
  /** What ends `--watch`. Called once it begins. */
  readonly stop: () => AbortSignal;
  /** Whether a person looks at a terminal: then colours, and a table that is drawn over. */
  readonly terminal: boolean;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly wait?: Wait;
}

type OnceContext = Pick<CommandContext, 'io'> & { readonly policy: Policy };
type WatchContext = Pick<CommandContext, 'stop' | 'wait'> & { readonly every: Millis };

const pause: Wait = async (length, signal) => {
  await setTimeout(length, undefined, { signal }).catch(() => undefined);
};

/** `lowtide intensity`: what electricity costs the air, here, now and next. */
export function intensityCommand(context: CommandContext): Command {
  return new Command('intensity')
    .description('carbon intensity of regions or zones, now and next; exit 1 if none has a value')
    .argument('[region...]', "regions or grid zones (default: the policy's regions)")
    .option('--region <name...>', 'the same, as a flag')
    .option('--all', 'every region of the shipped table')
    .option('--config <file>', "sources as `lowtide serve` has them (default: the environment's credentials)")
    .option('--policy <file>', 'policy document: regions, bands, kind (default: the one that ships with lowtide)')
    .option('--trace <file>', 'CSV trace of carbon intensity, as the only source')
    .option('--watch', 'again and again, until Ctrl-C')
    .option('--chart <file>', 'draw history and forecast into FILE.svg or FILE.png')
    .option('--json', 'print an array with every field of every region')
    .addHelpText('after', ENVIRONMENT)
    .action(async (regions: readonly string[], flags: IntensityFlags) => {
      await intensity(intensityOptions(regions, flags), context);
    });
}

const ENVIRONMENT = `
Without --config and --trace these are asked, where the environment has what they need:
  ELECTRICITY_MAPS_TOKEN               Electricity Maps, any zone that the token covers
  ENTSOE_TOKEN                         ENTSO-E, Europe
  EIA_API_KEY                          EIA, United States
  WATTTIME_USERNAME WATTTIME_PASSWORD  WattTime, marginal
  nothing                              Carbon Intensity API, Great Britain`;

async function intensity(options: IntensityOptions, context: CommandContext): Promise<void> {
  const { env, clock = SYSTEM_CLOCK, random = Math.random } = context;
  const settings = await serveOptions(flagsOf(options));
  const policy = await policyIn(settings.policy);
  const table = readRegionsTable();
  const opened = await openIntensity(options.names, { settings, policy, table, env, clock, random });
  try {
    const { io, terminal } = context;
    const style = { json: options.json, watched: options.watch, terminal, colour: terminal && !noColour(env) };
    const show = new Showing({ io, style, opened, policy, table, env });
    if (options.watch) await watch(show, { every: policy.scheduler.refresh, ...context });
    else await once(show, options, { policy, ...context });
  } finally {
    await opened.close();
  }
}

async function once(show: Showing, { chart }: IntensityOptions, { io, policy }: OnceContext): Promise<void> {
  const shown = await show.round(new AbortController().signal);
  if (shown.rows.every(({ reading }) => reading.state === 'unknown')) {
    if (chart !== null) io.err(`lowtide: --chart ${chart.file}: nothing to draw, since nothing is known`);
    io.exit(1);
  } else if (chart !== null) {
    // Drawing takes a fifth of a second to load: only who wants a picture waits for it.
    const { writeChart } = await import('./chart/write.ts');
    await writeChart(chart, shown, policy);
  }
}

async function watch(show: Showing, { every, stop, wait = pause }: WatchContext): Promise<void> {
  const stopped = stop();
  while (!stopped.aborted) {
    await show.round(stopped);
    await wait(every, stopped);
  }
}

/** Any value but the empty one means no colour: https://no-color.org. */
function noColour(env: NodeJS.ProcessEnv): boolean {
  return (env['NO_COLOR'] ?? '') !== '';
}

function flagsOf({ config, policy, trace }: IntensityOptions): Parameters<typeof serveOptions>[0] {
  return {
    ...(config !== null && { config }),
    ...(policy !== null && { policy }),
    ...(trace !== null && { trace }),
  };
}
