import type { Program } from './program.ts';
import { ProgramError } from './program.ts';
import type { RunningProgram } from './types.ts';

/** The programs that are meant to run, in the order in which they were started. */
export class Roster {
  readonly #programs = new Map<string, Program>();

  add(program: Program): void {
    this.#programs.set(program.name, program);
  }

  /** Kills a program that is meant to end; nothing happens when it is not on the roster. */
  async end(name: string): Promise<void> {
    const program = this.#programs.get(name);
    this.#programs.delete(name);
    await program?.kill();
  }

  has(name: string): boolean {
    return this.#programs.has(name);
  }

  running(): readonly RunningProgram[] {
    const alive = [...this.#programs.values()].filter((program) => program.ending() === null);
    return alive.map(({ name, pid, logFile }) => ({ name, pid, logFile }));
  }

  /** Kills all, the last started first. Gives the errors of those that had ended before they were told to. */
  async endAll(): Promise<readonly ProgramError[]> {
    const programs = [...this.#programs.values()].reverse();
    this.#programs.clear();
    const errors = programs.flatMap((program) => {
      const ending = program.ending();
      return ending === null ? [] : [new ProgramError(program, `${ending} while it was meant to run`)];
    });
    for (const program of programs) await program.kill();
    return errors;
  }
}
