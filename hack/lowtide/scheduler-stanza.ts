import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';

const FOLDER = join(import.meta.dirname, '..', '..', 'config', 'scheduler');

/** The scheduler configurations that ship with Lowtide. */
export const SCHEDULER_FILES = ['all-pods', 'marked-pods', 'tls', 'second-scheduler'] as const;
export type SchedulerFile = (typeof SCHEDULER_FILES)[number];

/** A KubeSchedulerConfiguration with one extender, as far as we look into it. */
export interface SchedulerConfiguration {
  readonly extenders: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

/** The shipped configuration with its extender at `url` (`http://HOST:PORT`), and single settings of it replaced. */
export async function schedulerConfiguration(
  file: SchedulerFile,
  url: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<SchedulerConfiguration> {
  const shipped = load(await readFile(join(FOLDER, `${file}.yaml`), 'utf8')) as SchedulerConfiguration;
  const extenders = shipped.extenders.map((extender) => ({
    ...extender,
    urlPrefix: `${url}/extender/v1`,
    ...changes,
  }));
  return { ...shipped, extenders };
}
