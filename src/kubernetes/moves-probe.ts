import { answerError, apiCall, MERGE_PATCH, STRATEGIC_MERGE_PATCH } from './api-call.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';

/** The probe Job: one name, so that what a killed process left behind is found by the next. */
const NAME = 'lowtide-moves-probe';
/** Another replica may take the probe away between two steps. */
const ATTEMPTS = 5;
const GONE = [404, 409];

interface ProbeContext {
  readonly access: ApiAccess;
  /** Lowtide's own. */
  readonly namespace: string;
  readonly patience: Patience;
}

/**
 * Whether a Job that has run may get another region while it is suspended: tried on a Job that says it has run, by a dry
 * run of the very patch. It never has pods. Kubernetes 1.36 can unless the gate
 * MutableSchedulingDirectivesForSuspendedJobs is off; 1.35 only where it was switched on; older ones never.
 * Throws ApiErrors where it cannot be found out.
 */
export async function supportsMoves(access: ApiAccess, namespace: string, patience: Patience): Promise<boolean> {
  const context: ProbeContext = { access, namespace, patience };
  try {
    for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
      const moves = await attempt(context);
      if (moves !== null) return moves;
    }
  } finally {
    await remove(context);
  }
  throw new KubernetesError('conflict', `job ${namespace}/${NAME} was taken away ${ATTEMPTS} times`);
}

/** Null: the probe went away meanwhile. */
async function attempt(context: ProbeContext): Promise<boolean | null> {
  const made = await call(context, { method: 'POST', path: '', body: probe(context.namespace) });
  if (made.status !== 201 && made.status !== 409) throw answerError('create a probe Job', made);
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const ran = await call(context, {
    method: 'PATCH',
    path: `/${NAME}/status`,
    body: hasRun(now),
    contentType: MERGE_PATCH,
  });
  if (GONE.includes(ran.status)) return null;
  if (ran.status !== 200) throw answerError("write a probe Job's status", ran);
  const moved = await call(context, {
    method: 'PATCH',
    path: `/${NAME}?dryRun=All`,
    body: MOVED,
    contentType: STRATEGIC_MERGE_PATCH,
  });
  if (GONE.includes(moved.status)) return null;
  if (moved.status === 200) return true;
  if (moved.status === 422) return false;
  throw answerError("change a probe Job's template", moved);
}

/** Left behind it does no harm, and the next probe uses it. */
async function remove(context: ProbeContext): Promise<void> {
  try {
    await call(context, { method: 'DELETE', path: `/${NAME}?propagationPolicy=Background` });
  } catch {
    // The probe's own answer counts.
  }
}

function call(
  { access, namespace, patience }: ProbeContext,
  { path, ...request }: Omit<ApiCall, 'patience'>,
): Promise<ApiAnswer> {
  const jobs = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
  return apiCall(access, { ...request, path: `${jobs}${path}`, patience });
}

function probe(namespace: string): unknown {
  const pod = {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    containers: [{ name: 'never-run', image: 'never-run' }],
  };
  const metadata = { name: NAME, namespace, labels: { 'app.kubernetes.io/name': 'lowtide' } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { suspend: true, template: { spec: pod } } };
}

function hasRun(at: string): unknown {
  const suspended = { type: 'Suspended', status: 'True', reason: 'JobSuspended', lastTransitionTime: at };
  return { status: { startTime: at, conditions: [suspended] } };
}

const TERM = { weight: 1, preference: { matchExpressions: [{ key: 'lowtide.dev/probe', operator: 'Exists' }] } };
const MOVED = {
  spec: {
    suspend: false,
    template: {
      spec: { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [TERM] } } },
    },
  },
};
