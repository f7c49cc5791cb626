import type { LowtideProcess } from '../lowtide/process.ts';

/** The evidence of one region in Lowtide's log line of a decision. */
interface Evidence {
  readonly score: number;
  readonly intensity?: number;
}

/** What Lowtide wrote down about one pod. */
export interface Decision {
  readonly scores: Readonly<Record<string, Evidence>>;
  readonly refused: Readonly<Record<string, number>>;
}

/** What the log says of a pod; null while its line has not been written. */
export async function decisionOf(lowtide: LowtideProcess, pod: string): Promise<Decision | null> {
  const lines = (await lowtide.log()).filter((line) => line['pod'] === pod);
  const scored = lines.findLast(({ msg }) => msg === 'prioritized');
  if (scored === undefined) return null;
  const filtered = lines.findLast(({ msg }) => msg === 'filtered');
  return {
    scores: scored['scores'] as Decision['scores'],
    refused: (filtered?.['refused'] ?? {}) as Decision['refused'],
  };
}

/** One line for a person: what won, against what, and what was not permitted. */
export function why({ scores, refused }: Decision, chosen: string): string {
  const grams = ({ intensity }: Evidence): string => (intensity === undefined ? 'unknown' : `${intensity} g`);
  const others = Object.entries(scores)
    .filter(([region]) => region !== chosen)
    .sort(([, a], [, b]) => b.score - a.score)
    .map(([region, evidence]) => `${region} ${evidence.score} (${grams(evidence)})`);
  const against =
    others.length === 0
      ? 'the only region permitted'
      : `score ${scores[chosen]?.score ?? '-'} against ${others.slice(0, 2).join(', ')}`;
  const refusals = Object.entries(refused).map(([reason, nodes]) => `${nodes} nodes ${reason}`);
  return [against, ...refusals].join('; ');
}
