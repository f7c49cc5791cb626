import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { MAIN, NODE_FLAGS } from './entry.ts';

const READY = /^lowtide ready extender=(?<extender>\S+) admission=(?<admission>\S+) operations=(?<operations>\S+)$/;
const READY_WITHIN_MS = 30_000;
const FREE = '127.0.0.1:0';

/** Where a running Lowtide listens, as URLs. */
export interface LowtideAddresses {
  readonly extender: string;
  readonly admission: string;
  readonly operations: string;
}

/** A `lowtide serve` that was started, a process of its own. */
export interface StartedLowtide {
  readonly pid: number;
  readonly logFile: string;
  /** Settles when it says that it is ready, or when it ends before. */
  readonly ready: Promise<LowtideAddresses>;
  /** The log's entries so far. */
  log(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends it with the signal, and gives its exit code; null where the signal killed it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** A `lowtide serve` that is ready. */
export interface LowtideProcess extends Omit<StartedLowtide, 'ready'>, LowtideAddresses {}

/** Starts `lowtide serve` from the sources on free ports (unless the arguments name others) and waits for its ready line. */
export async function startLowtide(logFile: string, args: readonly string[]): Promise<LowtideProcess> {
  const { ready, ...started } = spawnLowtide(logFile, args);
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => {
      reject(new Error(`lowtide was not ready within ${READY_WITHIN_MS / 1000} s, see ${logFile}`));
    }, READY_WITHIN_MS).unref();
  });
  return { ...started, ...(await Promise.race([ready, late])) };
}

/** Starts it without waiting: for tests that end it whatever it is doing. */
export function spawnLowtide(logFile: string, args: readonly string[]): StartedLowtide {
  const ports = ['--extender', FREE, '--admission', FREE, '--operations', FREE];
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, 'serve', ...ports, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  // Nothing of ours outlives us, whichever way we end.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  void exited.then(() => process.removeListener('exit', kill));
  child.stderr.pipe(createWriteStream(logFile));

  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const found = READY.exec(line)?.groups;
      if (found !== undefined) return addresses(found);
    }
    throw new Error(`lowtide ended before it was ready: ${(await readFile(logFile, 'utf8')).slice(-2000)}`);
  })();
  // Who ends it before it is ready need not wait for it.
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    logFile,
    ready,
    log: () => entries(logFile),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

function addresses({ extender = '', admission = '', operations = '' }: Record<string, string>): LowtideAddresses {
  return { extender, admission, operations };
}

async function entries(file: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  // The last line may not be whole yet.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
