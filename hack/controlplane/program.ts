import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

const KEEPER = join(import.meta.dirname, 'keep.sh');
const TAIL_LINES = 15;

/** What to run, and where its output goes. */
export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
}

/** A program that runs under `keep.sh`: it ends when this process does. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** How it ended, or null while it runs. */
  readonly ending: () => string | null;
  /** Kills it and waits until it is gone. There is no graceful end: all that is kept is in etcd, and etcd is killed last. */
  readonly kill: () => Promise<void>;
}

/** A program ended, or never became ready. */
export class ProgramError extends Error {
  readonly logTail: string;

  constructor(program: Pick<Program, 'name' | 'logFile'>, what: string) {
    const logTail = tailOf(program.logFile);
    super(`${program.name} ${what}; its log is ${program.logFile} and ends with:\n${logTail}`);
    this.name = 'ProgramError';
    this.logTail = logTail;
  }
}

/** Starts a program; it does not keep this process from ending. */
export function startProgram({ name, command, args, logFile }: ProgramOptions): Program {
  const log = openSync(logFile, 'a');
  const child = spawn('/bin/sh', [KEEPER, command, ...args], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  let ending: string | null = null;
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      ending = how;
      child.stdin?.destroy();
      resolve();
    };
    child.once('exit', (code, signal) => {
      end(signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`);
    });
    child.once('error', (error) => {
      end(`could not be started: ${error.message}`);
    });
  });
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  const kill = async (): Promise<void> => {
    child.ref();
    if (ending === null) child.kill('SIGKILL');
    await ended;
  };
  return { name, pid: child.pid ?? -1, logFile, ending: () => ending, kill };
}

function tailOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } catch {
    return '(no log)';
  }
}
