import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NODE_FLAGS } from '../../lowtide/entry.ts';
import { hangingProviders } from './hanging.ts';
import type { WorldFiles } from './world.ts';

/** Those that are compared; `hanging` is Lowtide while every provider hangs. */
export const CONTENDERS = ['lowtide', 'go', 'fixed', 'hanging'] as const;
export type Contender = (typeof CONTENDERS)[number];

/** A server under test, running in its own process. */
export interface Running {
  readonly name: Contender;
  readonly url: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Where the log files and the Go binary go. */
  readonly folder: string;
  readonly files: WorldFiles;
  readonly nodes: number;
  /** Entry of Lowtide: src/main.ts, or a build's dist/main.js. */
  readonly lowtide: string;
}

const READY_WITHIN_MS = 30_000;
const GO_SOURCE = fileURLToPath(new URL('./go', import.meta.url));
const FIXED = fileURLToPath(new URL('./fixed.ts', import.meta.url));

/** Starts a server and waits until it says where it listens. */
export async function start(name: Contender, options: StartOptions): Promise<Running> {
  const { command, args, close } = await commandOf(name, options);
  const log = join(options.folder, `${name}.log`);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', openSync(log, 'w')] });
  try {
    const url = await readyUrl(name, child);
    const end = async (): Promise<void> => {
      await stop(child);
      close?.();
    };
    return { name, url, stop: end };
  } catch (error) {
    await stop(child);
    close?.();
    const tail = (await readFile(log, 'utf8')).trim().split('\n').slice(-5).join('\n');
    throw new Error(`${name} did not start${tail === '' ? '' : `:\n${tail}`}`, { cause: error });
  }
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly close?: () => void;
}

async function commandOf(name: Contender, options: StartOptions): Promise<Command> {
  const { folder, files, nodes, lowtide } = options;
  switch (name) {
    case 'go':
      return { command: await buildGo(folder), args: ['-nodes', files.nodes, '-settings', files.settings] };
    case 'fixed':
      return { command: process.execPath, args: [FIXED, String(nodes)] };
    case 'lowtide':
      return { command: process.execPath, args: serveOf(lowtide, files, ['--trace', files.trace]) };
    case 'hanging': {
      const { config, close } = await hangingProviders(folder, files);
      return { command: process.execPath, args: serveOf(lowtide, files, ['--config', config]), close };
    }
  }
}

function serveOf(entry: string, { policy, nodes }: WorldFiles, sources: readonly string[]): readonly string[] {
  const on = ['--extender', '127.0.0.1:0', '--admission', '127.0.0.1:0', '--operations', '127.0.0.1:0'];
  return [...NODE_FLAGS, entry, 'serve', '--policy', policy, '--nodes', nodes, ...sources, ...on];
}

async function buildGo(folder: string): Promise<string> {
  const binary = join(folder, 'go-extender');
  try {
    await promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: GO_SOURCE });
  } catch (error) {
    throw new Error('the Go extender was not built: put `go` on the PATH, or leave it out with --only', {
      cause: error,
    });
  }
  return binary;
}

/** `ready URL`, or Lowtide's `lowtide ready extender=URL …`. */
async function readyUrl(name: Contender, child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error(`${name} has no output`);
  const lines = createInterface({ input: stdout });
  const deadline = setTimeout(() => {
    lines.close();
  }, READY_WITHIN_MS);
  try {
    for await (const line of lines) {
      const url = /ready (?:extender=)?(http:\S+)/.exec(line)?.[1];
      if (url !== undefined) return new URL(url).origin;
    }
  } finally {
    clearTimeout(deadline);
    stdout.resume();
  }
  throw new Error(`${name} never said that it is ready`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(force);
}
