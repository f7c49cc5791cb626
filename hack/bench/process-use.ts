import { readFile } from 'node:fs/promises';

/** Resident memory of a process, in megabytes. */
export interface Memory {
  readonly now: number;
  readonly peak: number;
}

/** `utime` and `stime` of /proc/PID/stat count hundredths of a second on every Linux. */
const TICKS_PER_SECOND = 100;
/** Where `utime` stands behind the command's closing bracket; `stime` follows it. */
const UTIME = 11;

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const megabytes = (key: string): number =>
    Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

export function memoryText({ now, peak }: Memory): string {
  return `RSS ${now} MB, at most ${peak} MB`;
}

/** Processor time that a process has used so far, in seconds. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[UTIME + 1])) / TICKS_PER_SECOND;
}
