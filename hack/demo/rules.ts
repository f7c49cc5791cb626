import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { millis } from '../../src/carbon/units.ts';
import type { Region } from '../../src/carbon/units.ts';
import { requiredRegions } from '../../src/placement/required-regions.ts';
import { formatDuration, parseDuration } from '../../src/policy/duration.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/types.ts';
import { resolveIntent } from '../../src/policy/workload-intent.ts';

/** The shipped policy with its delays shortened as the demo's hours are. */
export interface Rules {
  readonly document: object;
  readonly policy: Policy;
}

interface Document {
  readonly classes: Readonly<Record<string, { readonly maxDelay: string }>>;
}

export async function rulesFrom(file: string, speed: number): Promise<Rules> {
  const shipped = load(await readFile(file, 'utf8')) as Document;
  const classes = Object.entries(shipped.classes).map(([name, { maxDelay, ...rest }]) => {
    const shortened = formatDuration(millis((parseDuration(maxDelay) ?? 0) / speed));
    return [name, { ...rest, maxDelay: shortened }] as const;
  });
  const document = { ...shipped, classes: Object.fromEntries(classes) };
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error(`${file}: ${parsed.errors.map(({ message }) => message).join('; ')}`);
  return { document, policy: parsed.policy };
}

/** Those of the regions that the work's annotations permit. */
export function permittedOf(
  annotations: Readonly<Record<string, string>>,
  { policy }: Rules,
  regions: readonly Region[],
): readonly Region[] {
  const required = requiredRegions(resolveIntent({ annotations, namespace: null, policy }).placement, policy);
  return typeof required === 'string' ? regions : regions.filter((region) => required.includes(region));
}
