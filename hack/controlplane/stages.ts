import { readFile, writeFile } from 'node:fs/promises';
import { dump, load } from 'js-yaml';
import { z } from 'zod';
import { stagePath } from './cache.ts';
import type { StageName } from './components.ts';
import { ALL_STAGES, STAGE_SOURCES } from './components.ts';

const stageSchema = z.looseObject({
  spec: z.looseObject({ delay: z.record(z.string(), z.unknown()).optional() }),
});

/**
 * A stage without jitter. KWOK takes its `jitterDuration…` as an upper bound of the delay, so pod-complete as
 * shipped would cut every running time that a pod asks for by annotation down to five seconds.
 */
export function withoutJitter(yaml: string): string {
  const stage = stageSchema.parse(load(yaml));
  if (stage.spec.delay === undefined) return yaml;
  const kept = Object.entries(stage.spec.delay).filter(([key]) => !key.startsWith('jitterDuration'));
  return dump({ ...stage, spec: { ...stage.spec, delay: Object.fromEntries(kept) } }, { lineWidth: -1 });
}

/** Copies the stages out of KWOK's module into an installation. */
export async function copyStages(kwokModule: string, installation: string): Promise<void> {
  for (const name of ALL_STAGES) {
    const yaml = await readFile(`${kwokModule}/${STAGE_SOURCES[name]}`, 'utf8');
    await writeFile(stagePath(installation, name), withoutJitter(yaml));
  }
}

/** The stages of an installation as one file for `kwok --config`. */
export async function joinStages(installation: string, names: readonly StageName[]): Promise<string> {
  const documents = await Promise.all(names.map((name) => readFile(stagePath(installation, name), 'utf8')));
  return documents.join('\n---\n');
}
