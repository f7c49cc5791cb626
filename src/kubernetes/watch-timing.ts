import { setTimeout as sleep } from 'node:timers/promises';

/** Every length of time, and all chance, that a watch depends on. */
export interface WatchTiming {
  /** Between 0 and 1, as Math.random. */
  readonly random: () => number;
  /** Resolves after so many milliseconds; may reject once the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly pageSize: number;
  /** The shortest a watch is asked to last, in seconds; the longest is twice that, so that replicas do not move in step. */
  readonly watchSeconds: number;
  /** How much longer than asked a watch may last in silence, in milliseconds, before its connection counts as dead. */
  readonly watchGrace: number;
  /** Longest silence in a list, in milliseconds: kube-apiserver itself gives a request up after 60 s. */
  readonly listSilence: number;
}

/**
 * What a real cluster gets. Watches are short, because only their end can be relied on to tell a quiet cluster from a
 * dead connection: kube-apiserver sends no bookmarks until something has changed since it started.
 */
export const CLUSTER_TIMING: WatchTiming = {
  random: Math.random,
  delay: (ms, signal) => sleep(ms, undefined, { signal }),
  pageSize: 100,
  watchSeconds: 60,
  watchGrace: 30_000,
  listSilence: 60_000,
};

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** Milliseconds to wait before the next attempt: 1 s, doubled with each failure up to 30 s; half of it is chance. */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + 0.5 * random());
}

/** How long to ask the server to keep a watch open, in seconds. */
export function watchDuration({ watchSeconds, random }: WatchTiming): number {
  return Math.ceil(watchSeconds * (1 + random()));
}
