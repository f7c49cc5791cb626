import type { Logger } from 'pino';
import type { LogLimit } from '../limited-log.ts';
import type { AdmissionMetrics } from '../metrics/admission-metrics.ts';
import type { AdmissionObserver, Outcome, Resource } from './admission.ts';
import type { Refusal } from './answer.ts';
import { controllerOf } from './candidate.ts';
import { at } from './edit.ts';
import type { AdmissionHttpObserver } from './http.ts';
import type { AdmissionRequest } from './review.ts';

type Decided = Extract<Outcome, { outcome: 'decided' }>;

interface ObserverOptions {
  readonly metrics: AdmissionMetrics;
  readonly log: Logger;
  readonly limit: LogLimit;
}

/** Counts what admission decides and writes it down: one line a decision, one a minute for the same trouble. */
export class AdmissionWatcher implements AdmissionObserver, AdmissionHttpObserver {
  readonly #metrics: AdmissionMetrics;
  readonly #log: Logger;
  readonly #limit: LogLimit;

  constructor({ metrics, log, limit }: ObserverOptions) {
    this.#metrics = metrics;
    this.#log = log;
    this.#limit = limit;
  }

  onDecided(resource: Resource, request: AdmissionRequest, outcome: Outcome): void {
    if (outcome.outcome === 'refused') this.#tellRefused(resource, request, outcome.refusal);
    else if (outcome.outcome === 'decided') this.#tellDecided(resource, request, outcome);
    else this.#metrics.admissionRequests.inc({ resource, outcome: 'passed' });
  }

  onAnswered(resource: Resource, status: number, seconds: number): void {
    this.#metrics.admissionDuration.observe({ resource }, seconds);
    if (status === 200) return;
    this.#metrics.admissionRequests.inc({ resource, outcome: 'failed' });
    if (this.#limit.allows(`admission ${resource} ${status}`))
      this.#log.warn({ resource, status }, 'review not answered');
  }

  onFailure(resource: Resource, error: unknown): void {
    if (this.#limit.allows(`admission failed ${String(error)}`)) {
      this.#log.error({ resource, err: error }, 'review failed');
    }
  }

  #tellRefused(resource: Resource, request: AdmissionRequest, { code, message, subjects }: Refusal): void {
    this.#metrics.admissionRequests.inc({ resource, outcome: 'refused' });
    for (const annotation of subjects) this.#metrics.admissionRefusals.inc({ annotation });
    this.#log.info({ ...subjectOf(resource, request), code, message }, 'refused');
  }

  /** A dry run holds nothing, and who is asked about the same object once more has counted it already. */
  #tellDecided(resource: Resource, request: AdmissionRequest, { told, patched }: Decided): void {
    const { kind, wanted, hold } = told;
    this.#metrics.admissionRequests.inc({ resource, outcome: hold.held ? 'held' : 'not-held' });
    if (!wanted.concerned || (hold.held && !patched)) return;
    const reason = hold.held ? hold.decision.reason : hold.reason;
    if (!request.dryRun) (hold.held ? this.#metrics.holds : this.#metrics.notHeld).inc({ kind, reason });
    const { decision } = hold;
    const evidence =
      decision === null
        ? {}
        : {
            region: decision.region,
            intensity: decision.intensity,
            threshold: decision.threshold,
            until: decision.until,
          };
    this.#log.info({ ...subjectOf(resource, request), reason, ...evidence }, hold.held ? 'held' : 'not held');
  }
}

/** An object that is still to be named goes by what its name begins with. */
function subjectOf(resource: Resource, request: AdmissionRequest): Record<string, unknown> {
  const { namespace, name, object, dryRun, user } = request;
  const shown = name === '' ? at(object, ['metadata', 'generateName']) : name;
  const { controller } = controllerOf(object);
  return { resource, object: `${namespace}/${String(shown)}`, controller, user, ...(dryRun ? { dryRun } : {}) };
}
