import { HELD_LABEL } from '../../../src/policy/annotations.ts';
import { PodMoments } from '../pod-moments.ts';
import type { Ground } from './ground.ts';

/** How fast a set of held pods went. */
export interface Pace {
  /** Pods a second, from the beginning to the last release seen. */
  readonly rate: number;
  /** Milliseconds from the beginning to the first and to the last release seen. */
  readonly first: number;
  readonly last: number;
}

/** Watches pods lose our label: the same watch for whoever releases them. */
export function watchReleases({ kubeconfig, namespace }: Ground): Promise<PodMoments> {
  const reached = ({ metadata }: { metadata?: { labels?: Readonly<Record<string, string>> } }): boolean =>
    metadata?.labels?.[HELD_LABEL] === undefined;
  return PodMoments.watch(kubeconfig, namespace, { reached, form: 'metadata' });
}

/** Both in milliseconds of `performance.now()`. */
export function paceOf(moments: readonly number[], began: number): Pace {
  const [first, last] = [(moments[0] ?? NaN) - began, (moments.at(-1) ?? NaN) - began];
  return { rate: moments.length / (last / 1000), first, last };
}

export function paceText({ rate, first, last }: Pace): string {
  return `${rate.toFixed(0)} pods/s, first after ${first.toFixed(0)} ms, last after ${(last / 1000).toFixed(1)} s`;
}
