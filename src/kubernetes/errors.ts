/** What can be wrong before the first request; none heals by itself. */
export const SETUP_ERRORS = {
  'kubeconfig-unreadable': 'the kubeconfig file cannot be read',
  'kubeconfig-invalid': 'the kubeconfig does not name a usable cluster and user',
  'not-in-cluster': 'no service account and API server address: this is not a pod of a cluster',
  'nodes-file-unreadable': 'the nodes file cannot be read',
  'nodes-file-invalid': 'the nodes file is not a list of nodes',
} as const;

/** What can go wrong between us and the API server; each is tried again. */
export const API_ERRORS = {
  'credentials-unavailable': 'the credentials for the API server cannot be read',
  unreachable: 'the connection to the API server failed or broke',
  timeout: 'the API server sent nothing for too long',
  forbidden: 'the API server refuses these credentials (401 or 403)',
  expired: 'the resource version asked for is gone (410): a fresh list follows',
  'server-error': 'the API server answered with an error',
  'invalid-answer': 'the API server answered with something that is not what was asked for',
  unexpected: 'a fault of our own',
} as const;

/** Code of a failed exchange with the API server. */
export type ApiErrorCode = keyof typeof API_ERRORS;
/** Code of any error of this folder. */
export type KubernetesErrorCode = ApiErrorCode | keyof typeof SETUP_ERRORS;

/** The error of everything that touches a cluster; `retryable`: trying again, unchanged, may help. */
export class KubernetesError<Code extends KubernetesErrorCode = KubernetesErrorCode> extends Error {
  override readonly name = 'KubernetesError';
  readonly code: Code;
  readonly retryable: boolean;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = Object.hasOwn(API_ERRORS, code);
  }
}

/** A failed exchange with the API server. */
export type ApiError = KubernetesError<ApiErrorCode>;

/** Whether the error is a failed exchange that has its code already. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof KubernetesError && error.retryable;
}

/** The shortest text that tells a person what an unknown thrown value was. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return `${error.code}: ${error.message}`;
  return error.message;
}
