import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { MAIN, NODE_FLAGS } from './entry.ts';

const READY = /^lowtide ready extender=(?<extender>\S+) operations=(?<operations>\S+)$/;
const READY_WITHIN_MS = 30_000;

/** A running `lowtide serve`, a process of its own. */
export interface LowtideProcess {
  readonly pid: number;
  readonly extender: string;
  readonly operations: string;
  readonly logFile: string;
  /** The log's entries so far. */
  log(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends it with the signal, and gives its exit code; null where the signal killed it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Starts `lowtide serve` from the sources on free ports (unless the arguments name others) and waits for its ready line. */
export async function startLowtide(logFile: string, args: readonly string[]): Promise<LowtideProcess> {
  const ports = ['--extender', '127.0.0.1:0', '--operations', '127.0.0.1:0'];
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
      if (found !== undefined) return found;
    }
    throw new Error(`lowtide ended before it was ready: ${(await readFile(logFile, 'utf8')).slice(-2000)}`);
  })();
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => {
      reject(new Error(`lowtide was not ready within ${READY_WITHIN_MS / 1000} s, see ${logFile}`));
    }, READY_WITHIN_MS).unref();
  });
  const { extender = '', operations = '' } = await Promise.race([ready, late]);
  return {
    pid: child.pid ?? 0,
    extender,
    operations,
    logFile,
    log: () => entries(logFile),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

async function entries(file: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  // The last line may not be whole yet.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
