import { spawn } from 'node:child_process';

/** Exit code of a check that could not be made, as automake has it; its output says why. */
const SKIPPED = 77;

/** What a step came to. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

/** One part of the whole test: a single check, or a run of mocha whose tests count each. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly kind: 'check' | 'mocha';
}

/** Runs a step with its output shown as it comes, and counts. */
export async function runStep({ name, command, kind }: Step): Promise<Outcome> {
  const began = performance.now();
  const [file, ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    output += chunk.toString();
  });
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => {
      resolve(1);
    });
    child.once('close', (ended) => {
      resolve(ended ?? 1);
    });
  });
  const seconds = Math.round((performance.now() - began) / 1000);
  return { name, seconds, ...(kind === 'check' ? counted(code) : tallied(output, code === 0)) };
}

function counted(code: number): Pick<Outcome, 'passed' | 'failed' | 'skipped'> {
  const skipped = code === SKIPPED ? 1 : 0;
  const passed = code === 0 ? 1 : 0;
  return { passed, skipped, failed: 1 - passed - skipped };
}

/** Mocha's closing lines. A run that failed without a failed test (a hook, coverage, a crash) counts as one failure. */
function tallied(output: string, ok: boolean): Pick<Outcome, 'passed' | 'failed' | 'skipped'> {
  const last = (word: string): number => {
    const found = [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].at(-1);
    return Number(found?.[1] ?? 0);
  };
  const failed = last('failing');
  return { passed: last('passing'), failed: ok ? failed : Math.max(1, failed), skipped: last('pending') };
}
