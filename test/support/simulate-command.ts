import { instant } from '../../src/carbon/units.ts';
import { simulateCommand } from '../../src/cli/simulate/command.ts';
import type { Folder } from './simulate-files.ts';

/** What one run of `lowtide simulate` did. */
export interface Ran {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly exit: number | null;
  /** What was drawn on the terminal. */
  readonly drawn: string;
}

interface Terminal {
  /** Milliseconds that pass between two looks at the clock; left out: there is no terminal. */
  readonly tick?: number;
}

/** Runs `lowtide simulate`. */
export async function simulateWith(args: readonly string[], { tick }: Terminal = {}): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  let [exit, drawn, elapsed]: [number | null, string, number] = [null, '', 0];
  const io = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    exit: (code: number) => (exit = code),
  };
  const draw = tick === undefined ? null : (text: string) => (drawn += text);
  const clock = { now: () => instant(0), monotonic: () => (elapsed += tick ?? 0) };
  const command = simulateCommand({ io, draw, clock })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync([...args], { from: 'user' });
  return { out, err, exit, drawn };
}

export const HEADER = 'id,arrival,class,duration_min,energy_kwh,residency';

/** A day's grids: us-east-1 is dirtier throughout, eu-central-1 clean from 06:00 to 09:00. */
export function dayOfGrids(hours = 24): string {
  const rows = Array.from({ length: hours }, (_, hour) => {
    const time = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
    return `${time},${400 + (hour % 24)},${hour % 24 >= 6 && hour % 24 < 9 ? 100 : 300}`;
  });
  return ['time,us-east-1,eu-central-1', ...rows, ''].join('\n');
}

/** Writes both files, and names them as flags. */
export async function inputFiles(
  folder: Folder,
  jobs: readonly string[],
  { header = HEADER, intensity = dayOfGrids() } = {},
): Promise<readonly string[]> {
  const files = {
    jobs: await folder.write('jobs.csv', [header, ...jobs, ''].join('\n')),
    intensity: await folder.write('intensity.csv', intensity),
  };
  return ['--jobs', files.jobs, '--intensity', files.intensity];
}
