import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../../src/simulation/report.ts';
import { memoryOf } from '../process-use.ts';

const ENTRY = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** What one run of `lowtide simulate` printed, and what it took. */
export interface Ran {
  readonly report: Report;
  readonly seconds: number;
  /** Peak resident memory, megabytes. */
  readonly peak: number;
}

let free = availableParallelism();
const waiting: (() => void)[] = [];

/** Runs `lowtide simulate … --json` as anybody would, as many at once as there are cores. */
export async function simulate(args: readonly string[]): Promise<Report> {
  await turn();
  try {
    return (await timed(args)).report;
  } finally {
    free += 1;
    waiting.shift()?.();
  }
}

/** The same, at once and with its time and memory. */
export async function timed(args: readonly string[]): Promise<Ran> {
  const began = performance.now();
  const { output, peak } = await run(['simulate', ...args, '--json']);
  return { report: JSON.parse(output) as Report, seconds: (performance.now() - began) / 1000, peak };
}

/** Writes a scenario's files into a folder. */
export async function generate(name: string, seed: number, folder: string): Promise<void> {
  await run(['simulate', '--generate', name, '--seed', String(seed), '--out', folder]);
}

async function turn(): Promise<void> {
  while (free === 0) {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }
  free -= 1;
}

async function run(args: readonly string[]): Promise<{ readonly output: string; readonly peak: number }> {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  let peak = 0;
  const look = setInterval(() => {
    void memoryOf(child.pid ?? 0).then((memory) => {
      peak = Math.max(peak, Number.isFinite(memory.peak) ? memory.peak : 0);
    });
  }, 50);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(look);
  if (code !== 0) throw new Error(`lowtide ${args.join(' ')}: exit ${String(code)}\n${Buffer.concat(err).toString()}`);
  return { output: Buffer.concat(out).toString(), peak };
}
