import { readAnswer } from './client.ts';
import type { Pair } from './workload.ts';

/** What one pod's two calls brought, raw. */
export interface RawPair {
  readonly filter: Buffer;
  readonly prioritize: Buffer;
}

/**
 * What an extender decided for one pod, as one comparable text: kept names in order, refusals by name, scores in
 * order. Throws where the answer is none, or keeps other names than the driver expects.
 */
export function decision(pair: Pair, raw: RawPair): string {
  const filter = parsed(raw.filter) as {
    NodeNames: string[];
    FailedAndUnresolvableNodes: Record<string, string>;
    Error: string;
  };
  const kept = filter.NodeNames.join(',');
  if (kept !== pair.kept.join(',') || filter.Error !== '') throw new Error('filter kept other names than it should');
  const refused = Object.entries(filter.FailedAndUnresolvableNodes).map(([name, why]) => `${name}: ${why}`);
  const scores = parsed(raw.prioritize) as { Host: string; Score: number }[];
  return JSON.stringify([kept, refused.sort(), scores.map(({ Host, Score }) => `${Host}=${Score}`)]);
}

/** Throws unless both answers are answers; the fixed server's say nothing of the pod. */
export function wellFormed(raw: RawPair): void {
  parsed(raw.filter);
  parsed(raw.prioritize);
}

function parsed(raw: Buffer): unknown {
  const { status, body } = readAnswer(raw);
  if (status !== 200) throw new Error(`status ${status}: ${body.toString('utf8', 0, 200)}`);
  return JSON.parse(body.toString('utf8'));
}
