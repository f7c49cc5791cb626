import type { Express } from 'express';
import { Extender } from '../../src/service/extender/extender.ts';
import type { ExtenderObserver, Filtered, Prioritized } from '../../src/service/extender/extender.ts';
import { extenderApp } from '../../src/service/extender/http.ts';
import type { HttpObserver, Verb } from '../../src/service/extender/http.ts';
import type { World } from '../../src/placement/facts.ts';

/** Remembers what it was told. */
export class RecordingObserver implements ExtenderObserver, HttpObserver {
  readonly filtered: Filtered[] = [];
  readonly prioritized: Prioritized[] = [];
  readonly answered: { verb: Verb; status: number }[] = [];
  readonly failures: unknown[] = [];

  onFiltered(outcome: Filtered): void {
    this.filtered.push(outcome);
  }

  onPrioritized(outcome: Prioritized): void {
    this.prioritized.push(outcome);
  }

  onAnswered(verb: Verb, status: number): void {
    this.answered.push({ verb, status });
  }

  onFailure(_verb: Verb, error: unknown): void {
    this.failures.push(error);
  }
}

/** The extender over HTTP, in a world of the test's own. */
export function extenderOver(
  gather: () => World,
  bodyLimit = 1_000_000,
): { app: Express; observer: RecordingObserver } {
  const observer = new RecordingObserver();
  const calls = new Extender({ gather, observer, regionLabel: 'topology.kubernetes.io/region' });
  return { app: extenderApp({ calls, observer, bodyLimit, monotonic: () => performance.now() }), observer };
}
