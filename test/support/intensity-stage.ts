import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { instant } from '../../src/carbon/units.ts';
import { intensityCommand } from '../../src/cli/intensity/command.ts';
import type { Wait } from '../../src/cli/intensity/command.ts';
import { GridServer } from './grid-apis/grid-server.ts';
import type { GridApi } from './grid-apis/grid-server.ts';

/** The time that commands and servers take for now: 2026-03-02T12:20:00Z. */
export const NOW = Date.parse('2026-03-02T12:20:00Z');

/** What a command printed, and the code that it ends with. */
export interface Run {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly code: number;
}

interface Setting {
  readonly env?: Record<string, string>;
  readonly terminal?: boolean;
  readonly stop?: AbortSignal;
  readonly wait?: Wait;
}

/** Runs `lowtide intensity`. */
export async function runIntensity(args: readonly string[], setting: Setting = {}): Promise<Run> {
  const { env = {}, terminal = false, stop = new AbortController().signal, wait } = setting;
  const [out, err]: string[][] = [[], []];
  let code = 0;
  const command = intensityCommand({
    io: {
      out: (line) => out?.push(line),
      err: (line) => err?.push(line),
      exit: (to) => {
        code = to;
      },
    },
    ...{ env, terminal, stop: () => stop, clock: { now: () => instant(NOW), monotonic: () => performance.now() } },
    ...(wait !== undefined && { wait }),
  });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return { out: out ?? [], err: err ?? [], code };
}

/** A folder and local servers for one test. */
export class IntensityStage {
  readonly #folder: string;
  readonly #servers: GridServer[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<IntensityStage> {
    return new IntensityStage(await mkdtemp(join(tmpdir(), 'lowtide-intensity-')));
  }

  /** Serves a provider's API at NOW. */
  async serve(api: GridApi): Promise<GridServer> {
    const server = await GridServer.start(api, () => NOW);
    this.#servers.push(server);
    return server;
  }

  path(...names: readonly string[]): string {
    return join(this.#folder, ...names);
  }

  /** Writes text as it is, anything else as YAML; returns the file's path. */
  async file(name: string, content: unknown): Promise<string> {
    const path = this.path(name);
    await writeFile(path, typeof content === 'string' ? content : dump(content));
    return path;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
    await rm(this.#folder, { recursive: true });
  }
}
