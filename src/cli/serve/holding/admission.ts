import type { Logger } from 'pino';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { answerError, apiCall } from '../../../kubernetes/api-call.ts';
import { workPath } from '../../../kubernetes/work-path.ts';
import { Admission } from '../../../service/admission/admission.ts';
import { admissionApp } from '../../../service/admission/http.ts';
import { AdmissionWatcher } from '../../../service/admission/observer.ts';
import type { Clock } from '../../../service/clock.ts';
import type { ClusterState } from '../../../service/cluster-state.ts';
import type { LogLimit } from '../../../service/limited-log.ts';
import type { Metrics } from '../../../service/metrics/metrics.ts';
import type { Express } from 'express';
import type { Durations } from '../../../timing/class-durations.ts';
import type { Inputs } from '../inputs.ts';
import type { ServeOptions } from '../options.ts';

interface AdmissionParts {
  readonly inputs: Inputs;
  readonly state: ClusterState;
  readonly namespace: string;
  readonly durations: Durations;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limit: LogLimit;
}

/** Longest silence of the API server's when it is asked for the pod of a binding; the webhook gives up after 5 s. */
const SILENCE_MS = 3_000;

/** The application that answers the API server's reviews. */
export function openAdmission(options: ServeOptions, parts: AdmissionParts): Express {
  const { inputs, state, namespace, clock, metrics, log, limit } = parts;
  const observer = new AdmissionWatcher({ metrics, log, limit });
  const admission = new Admission({
    gather: () => ({ world: inputs.gather(), state }),
    ownNamespace: namespace,
    regionLabel: options.regionLabel,
    regionOfNode: (name) => inputs.regionOf(name),
    durations: parts.durations,
    podOf: (space, name) => podOf(inputs.access, space, name),
    observer,
  });
  const { bodyLimit } = options.admission;
  return admissionApp({ admission, observer, bodyLimit, monotonic: () => clock.monotonic() });
}

async function podOf(access: ApiAccess | null, namespace: string, name: string): Promise<unknown> {
  if (access === null) return null;
  const path = workPath({ kind: 'pod', namespace, name });
  const patience = { signal: AbortSignal.timeout(SILENCE_MS), silence: SILENCE_MS };
  const answer = await apiCall(access, { method: 'GET', path, patience });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(`read pod ${namespace}/${name}`, answer);
  return answer.body;
}

/** Stands in where there is no cluster: every namespace is there and says nothing. */
export const NO_CLUSTER: ClusterState = {
  namespace: (name) => ({ name, annotations: {}, managed: false, enforced: false }),
  cronJob: () => null,
  rollout: () => null,
  volumeTerms: () => [],
};
