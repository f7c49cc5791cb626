/** Where a command's words go. `exit` sets the code that the process will end with; it does not end it. */
export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
  /** 0 success, 1 a failure of the work, 2 a usage or input error. */
  exit(code: 0 | 1 | 2): void;
}

/** The part of `process` that a command needs. */
export interface ProcessLike {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/** Writes to a process's streams, a line each; this process's own unless given. */
export function systemIo(target: ProcessLike = process): CommandIo {
  return {
    out: (line) => void target.stdout.write(`${line}\n`),
    err: (line) => void target.stderr.write(`${line}\n`),
    exit: (code) => {
      target.exitCode = code;
    },
  };
}
