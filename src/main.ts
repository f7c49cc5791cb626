#!/usr/bin/env -S node --max-semi-space-size=4 --initial-old-space-size=64
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { explainCommand } from './cli/explain/command.ts';
import { forecastCommand } from './cli/forecast/command.ts';
import { intensityCommand } from './cli/intensity/command.ts';
import { systemIo } from './cli/io.ts';
import { policyCommand } from './cli/policy-validate.ts';
import { releaseCommand } from './cli/release/command.ts';
import { replayCommand } from './cli/replay/command.ts';
import { serveCommand } from './cli/serve/command.ts';
import { simulateCommand } from './cli/simulate/command.ts';
import { UsageError } from './cli/usage-error.ts';

const io = systemIo();

/** Only a command that ends cleanly by itself may hold the signals back that end every other. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  return stop.signal;
}

const unread = new AbortController();
// Whoever reads less than there is, `| head` for one, has what was wanted: no fault, and no reason to leave work undone.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  unread.abort();
});

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const watchEnd = (): AbortSignal => AbortSignal.any([stopSignal(), unread.signal]);
const program = new Command('lowtide')
  .version(version)
  .description('carbon-aware placement for Kubernetes')
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .addCommand(serveCommand({ io, env: process.env, stop: stopSignal }))
  .addCommand(intensityCommand({ io, env: process.env, stop: watchEnd, terminal: process.stdout.isTTY }))
  .addCommand(forecastCommand({ io, terminal: process.stderr.isTTY }))
  .addCommand(explainCommand({ io, env: process.env }))
  .addCommand(replayCommand({ io, env: process.env }))
  .addCommand(simulateCommand({ io, draw: process.stderr.isTTY ? (text) => process.stderr.write(text) : null }))
  .addCommand(releaseCommand({ io, env: process.env }))
  .addCommand(policyCommand(io));

/** Commander ends the process itself where it is not told to throw, in each command. */
function throwInstead(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  command.commands.forEach(throwInstead);
}
throwInstead(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) io.exit(error.exitCode === 0 ? 0 : 2);
  else if (error instanceof UsageError) {
    for (const line of error.lines) io.err(`lowtide: ${line}`);
    io.exit(2);
  } else {
    const [what = '', where = ''] = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split(
      '\n',
    );
    io.err(`lowtide: failed unexpectedly, please report it: ${what} ${where.trim()}`);
    io.exit(1);
  }
}
