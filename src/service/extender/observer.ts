import type { Logger } from 'pino';
import { bandOf } from '../../policy/band-of.ts';
import type { PlacementIntent } from '../../policy/intent.ts';
import type { Policy } from '../../policy/types.ts';
import type { RankedRegion } from '../../placement/rank.ts';
import type { Refusal } from '../../placement/reasons.ts';
import type { LogLimit } from '../limited-log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { ExtenderObserver, Filtered, Prioritized } from './extender.ts';
import type { HttpObserver, Verb } from './http.ts';
import type { PodFacts } from './request.ts';

interface ObserverOptions {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limit: LogLimit;
}

/** Keeps user-written values short in a log line. */
const SHOWN = 100;

/** Counts decisions and writes them down: one line a decision, one a minute for the same trouble. */
export class DecisionObserver implements ExtenderObserver, HttpObserver {
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #limit: LogLimit;

  constructor({ metrics, log, limit }: ObserverOptions) {
    this.#metrics = metrics;
    this.#log = log;
    this.#limit = limit;
  }

  onFiltered({ pod, intent, listed, verdicts }: Filtered): void {
    this.#tellProblems(intent);
    if (this.#log.isLevelEnabled('debug')) {
      const { residency, regions, ceiling, latency } = intent;
      const asked = { residency, regions, ceiling, latency };
      this.#log.debug({ pod: nameOf(pod), asked, places: listed.places, verdicts }, 'asked to filter');
    }
    const refused = countRefused(verdicts, listed.counts);
    if (refused.size === 0) return;
    for (const [reason, nodes] of refused) this.#metrics.extenderRefusals.inc({ reason }, nodes);
    this.#log.info({ pod: nameOf(pod), nodes: listed.size, refused: Object.fromEntries(refused) }, 'filtered');
  }

  onPrioritized({ pod, intent, world, listed, ranking }: Prioritized): void {
    this.#tellInputs(ranking, world.now);
    this.#log.info(
      {
        pod: nameOf(pod),
        class: intent.workClass?.name,
        nodes: listed.size,
        scores: Object.fromEntries(ranking.map((ranked) => [ranked.region ?? '', evidence(ranked, world.policy)])),
        policy: world.policyGeneration,
        signal: world.signal.generation,
      },
      'prioritized',
    );
  }

  onAnswered(verb: Verb, status: number, seconds: number): void {
    this.#metrics.extenderRequests.inc({ verb, code: status });
    this.#metrics.extenderDuration.observe({ verb }, seconds);
    if (status !== 200 && this.#limit.allows(`${verb} ${status}`)) this.#log.warn({ verb, status }, 'request refused');
  }

  onFailure(verb: Verb, error: unknown): void {
    if (this.#limit.allows(`failed ${String(error)}`)) this.#log.error({ verb, err: error }, 'request failed');
  }

  #tellProblems({ problems }: PlacementIntent): void {
    for (const { annotation, value, accepted } of problems) {
      this.#metrics.annotationProblems.inc({ annotation });
      if (!this.#limit.allows(`${annotation} ${value.slice(0, SHOWN)}`)) continue;
      this.#log.warn({ annotation, value: value.slice(0, SHOWN), accepted }, 'annotation not usable');
    }
  }

  #tellInputs(ranking: readonly RankedRegion[], now: number): void {
    let oldest: number | null = null;
    for (const { region, view } of ranking) {
      const { reading } = view;
      if (reading.state === 'known') {
        oldest = Math.min(oldest ?? reading.observedAt, reading.observedAt);
        continue;
      }
      this.#metrics.scoreNoData.inc({ reason: reading.reason });
      if (!this.#limit.allows(`no data ${region ?? ''} ${reading.reason}`)) continue;
      this.#log.warn({ region, reason: reading.reason }, 'no intensity for region');
    }
    if (oldest !== null) this.#metrics.scoreInputAge.observe((now - oldest) / 1000);
  }
}

function nameOf({ namespace, name }: PodFacts): string {
  return `${namespace}/${name}`;
}

function countRefused(verdicts: readonly (Refusal | null)[], counts: readonly number[]): ReadonlyMap<Refusal, number> {
  const refused = new Map<Refusal, number>();
  for (const [index, refusal] of verdicts.entries()) {
    if (refusal !== null) refused.set(refusal, (refused.get(refusal) ?? 0) + (counts[index] ?? 0));
  }
  return refused;
}

function evidence({ score, total, view }: RankedRegion, { bands }: Policy): Record<string, unknown> {
  const { reading } = view;
  const carbon =
    reading.state === 'known'
      ? { intensity: reading.value, band: bandOf(bands, reading.value) }
      : { unknown: reading.reason };
  return { score, total: Math.round(total * 1e4) / 1e4, ...carbon };
}
