import { uniformStream } from '../../../src/simulation/random.ts';
import { podOf } from './pod.ts';
import { passing } from './world.ts';

/** How the list of names comes: the same for pod after pod, or in a fresh order for each. */
export type Order = 'same order' | 'shuffled';

/** One pod's two calls, their bodies made before the clock runs. */
export interface Pair {
  readonly filter: Buffer;
  readonly prioritize: Buffer;
  /** The names that filter must keep, in order: those that prioritize asks for. */
  readonly kept: readonly string[];
}

/** Every fifth pod must stay in the EU, every tenth carries a ceiling that all regions meet. */
const STRICT_EVERY = 5;
const ANNOTATED_EVERY = 10;

/** Makes the calls of `count` pods, numbered from `first`; the same numbers give the same bytes. */
export function pairs(names: readonly string[], order: Order, first: number, count: number): readonly Pair[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const residency = number % STRICT_EVERY === 0 ? 'eu-strict' : null;
    const list = order === 'shuffled' ? shuffled(names, number) : names;
    const kept = passing(list, residency, names);
    const pod = podOf(number, {
      ...(residency === null ? {} : { 'lowtide.dev/residency': residency }),
      ...(number % ANNOTATED_EVERY === 1 ? { 'lowtide.dev/max-intensity': '2000', team: `team-${number % 7}` } : {}),
    });
    return { filter: args(pod, list), prioritize: args(pod, kept), kept };
  });
}

/** ExtenderArgs as kube-scheduler encodes it with nodeCacheCapable. */
function args(pod: unknown, names: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify({ Pod: pod, Nodes: null, NodeNames: names }));
}

/** Fisher–Yates, seeded by the pod's number. */
function shuffled(names: readonly string[], seed: number): readonly string[] {
  const uniform = uniformStream(seed, 'order');
  const list = [...names];
  for (let last = list.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(uniform() * (last + 1));
    const [a, b] = [list[last] ?? '', list[chosen] ?? ''];
    list[last] = b;
    list[chosen] = a;
  }
  return list;
}
