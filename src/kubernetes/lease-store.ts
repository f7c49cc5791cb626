import { answerError, apiCall } from './api-call.ts';
import type { ApiAccess } from './api-get.ts';

/** Where one Lease is kept. Every method throws ApiErrors, and may be given up by its signal. */
export interface LeaseStore {
  /** Null: there is none. */
  read(signal: AbortSignal): Promise<unknown>;
  /** Makes it; null: somebody else was faster. Else the Lease as it is now. */
  create(lease: unknown, signal: AbortSignal): Promise<unknown>;
  /** Replaces the version that it was read as; null: it is another by now. Else the Lease as it is now. */
  replace(lease: unknown, signal: AbortSignal): Promise<unknown>;
}

/** Which Lease. */
export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

/** Silence in one request, in milliseconds, beside what its signal allows. */
const SILENCE = 30_000;

/** The Lease of that name on an API server; raw JSON, so that fields which we do not know survive. */
export function clusterLease(access: ApiAccess, { namespace, name }: LeaseName): LeaseStore {
  const all = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
  const one = `${all}/${encodeURIComponent(name)}`;
  const label = `lease ${namespace}/${name}`;
  const patience = (signal: AbortSignal) => ({ signal, silence: SILENCE });
  return {
    read: async (signal) => {
      const answer = await apiCall(access, { method: 'GET', path: one, patience: patience(signal) });
      if (answer.status === 404) return null;
      if (answer.status !== 200) throw answerError(`read ${label}`, answer);
      return answer.body;
    },
    create: async (lease, signal) => {
      const answer = await apiCall(access, { method: 'POST', path: all, body: lease, patience: patience(signal) });
      if (answer.status === 409) return null;
      if (answer.status !== 201) throw answerError(`create ${label}`, answer);
      return answer.body;
    },
    replace: async (lease, signal) => {
      const answer = await apiCall(access, { method: 'PUT', path: one, body: lease, patience: patience(signal) });
      // Deleted meanwhile counts as changed: the next look finds that there is none.
      if (answer.status === 409 || answer.status === 404) return null;
      if (answer.status !== 200) throw answerError(`write ${label}`, answer);
      return answer.body;
    },
  };
}
