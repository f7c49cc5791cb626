import type { IntentProblem } from './intent.ts';

/** One sentence for whoever wrote the annotation: what stands there, what is accepted, and who set the limit. */
export function problemMessage({ annotation, value, accepted, limit }: IntentProblem): string {
  const source = limit === undefined ? '' : ` (limit: ${limit})`;
  return `annotation ${annotation}: ${JSON.stringify(value)} is not accepted; accepted: ${accepted}${source}`;
}
