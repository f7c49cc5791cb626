import type { Operation } from 'rfc6902';

/** Why an object is refused, for the person or controller that sent it. */
export interface Refusal {
  /** HTTP status that the API server passes on. */
  readonly code: 403 | 404 | 422 | 503;
  /** Kubernetes' own word for the status. */
  readonly reason: 'Forbidden' | 'NotFound' | 'Invalid' | 'ServiceUnavailable';
  readonly message: string;
  /** What is at fault: names of annotations, or of a field. */
  readonly subjects: readonly string[];
}

/** What the API server is told of one request. */
export interface AdmissionAnswer {
  /** Null: the request passes. */
  readonly refusal: Refusal | null;
  readonly patch: readonly Operation[];
  /** Shown to whoever sent the request, each at most 256 characters. */
  readonly warnings: readonly string[];
  /** For the audit log of the API server, which puts the webhook's name before each key. */
  readonly audit: Readonly<Record<string, string>>;
}

/** The request passes, and nothing is to be said about it. */
export const PASSED: AdmissionAnswer = { refusal: null, patch: [], warnings: [], audit: {} };

/** The API server cuts longer warnings, and all of them together at 4096 bytes. */
const LONGEST_WARNING = 256;

/** The AdmissionReview that answers the request of this uid. */
export function reviewResponse(uid: string, { refusal, patch, warnings, audit }: AdmissionAnswer): unknown {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed: refusal === null,
      ...(refusal === null ? {} : { status: statusOf(refusal) }),
      // Both or neither: a patchType without a patch is an error to the API server.
      ...(patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: base64(patch) }),
      ...(warnings.length === 0 ? {} : { warnings: warnings.map(shortened) }),
      ...(Object.keys(audit).length === 0 ? {} : { auditAnnotations: audit }),
    },
  };
}

/** With a time to wait, clients of Kubernetes try again by themselves. */
function statusOf({ code, reason, message }: Refusal): unknown {
  const details = code === 503 ? { details: { retryAfterSeconds: 1 } } : {};
  return { status: 'Failure', code, reason, message, ...details };
}

function base64(patch: readonly Operation[]): string {
  return Buffer.from(JSON.stringify(patch)).toString('base64');
}

function shortened(warning: string): string {
  return warning.length <= LONGEST_WARNING ? warning : `${warning.slice(0, LONGEST_WARNING - 1)}…`;
}
