/** What can be wrong before the first request; none heals by itself. */
export const SETUP_ERRORS = {
  'kubeconfig-unreadable': {
    meaning: 'the kubeconfig file cannot be read',
    fix: 'name a readable file with --kubeconfig',
  },
  'kubeconfig-invalid': {
    meaning: 'the kubeconfig does not name a usable cluster and user',
    fix: 'correct the file until kubectl --kubeconfig FILE works with it',
  },
  'not-in-cluster': {
    meaning: 'this is not a pod with a service account',
    fix: 'name a cluster with --kubeconfig, or mount the service account token',
  },
  'nodes-file-unreadable': { meaning: 'the nodes file cannot be read', fix: 'name a readable file with --nodes' },
  'nodes-file-invalid': {
    meaning: 'the nodes file is not a list of nodes',
    fix: 'write it with kubectl get nodes -o json',
  },
} as const satisfies Record<string, Explanation>;

/** What can go wrong between us and the API server. What was known before stays meanwhile. */
export const API_ERRORS = {
  'credentials-unavailable': {
    meaning: 'the credentials for the API server cannot be read',
    fix: 'look at the token file, or at the command, that the kubeconfig names',
  },
  unreachable: {
    meaning: 'the connection to the API server failed or broke',
    fix: 'look at the address, the network and the certificate authority; a restart of the API server heals itself',
  },
  timeout: {
    meaning: 'the API server sent nothing for too long',
    fix: 'look for a firewall that drops idle connections, or an overloaded API server',
  },
  forbidden: {
    meaning: 'the API server refuses the credentials (401 or 403)',
    fix: 'grant the service account what deploy/access.yaml lists',
  },
  expired: {
    meaning: 'the resource version asked for is gone (410)',
    fix: 'nothing: a fresh list follows',
  },
  'not-found': {
    meaning: 'the object, its namespace or its kind is not there (404)',
    fix: 'nothing if it was deleted; else look at the version of the cluster',
  },
  conflict: {
    meaning: 'somebody else changes the same object all the time, or it exists already (409)',
    fix: 'nothing: it is read and tried again; if it stays, look for two controllers that fight over it',
  },
  invalid: {
    meaning: 'the API server refuses the object as it is (422)',
    fix: 'look at the message, which names the field',
  },
  'server-error': { meaning: 'the API server answered with an error', fix: 'look at the log of the API server' },
  'invalid-answer': {
    meaning: 'what answered did not speak as an API server does',
    fix: 'look at the address, and at the proxy in between',
  },
  unexpected: { meaning: 'a fault in Lowtide', fix: 'report it, with the log line' },
} as const satisfies Record<string, Explanation>;

/** Sent again unchanged, these get the same answer. */
const FINAL: ReadonlySet<string> = new Set<keyof typeof API_ERRORS>(['not-found', 'invalid']);

interface Explanation {
  readonly meaning: string;
  readonly fix: string;
}

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
    this.retryable = Object.hasOwn(API_ERRORS, code) && !FINAL.has(code);
  }
}

/** A failed exchange with the API server. */
export type ApiError = KubernetesError<ApiErrorCode>;

/** Whether the error is a failed exchange that has its code already. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof KubernetesError && Object.hasOwn(API_ERRORS, error.code as string);
}

/** The shortest text that tells a person what an unknown thrown value was. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  // Node puts the code into its own messages.
  return code === null || error.message.includes(code) ? error.message : `${code}: ${error.message}`;
}
