/** What can be wrong with a request of the API for people and programs. Listed in docs/explain.md; a test keeps the two in step. */
export const API_REQUEST_ERRORS = {
  'api-no-such-path': {
    status: 404,
    message: 'there is nothing at this path',
    fix: 'ask GET /api/v1/explain?kind=job&namespace=NAMESPACE&name=NAME',
  },
  'api-only-get': { status: 405, message: 'this path is read with GET', fix: 'send a GET' },
  'explain-malformed': {
    status: 400,
    message: 'kind must be job or pod, namespace and name must be names of Kubernetes, each given once',
    fix: 'ask GET /api/v1/explain?kind=job&namespace=NAMESPACE&name=NAME',
  },
  'explain-not-found': { status: 404, message: 'there is no such object', fix: 'look at its kind, namespace and name' },
  'explain-busy': { status: 429, message: 'too many explanations are being made', fix: 'ask again in a second' },
  'explain-not-ready': {
    status: 503,
    message: 'the service does not know the cluster yet',
    fix: 'ask again when /readyz says that it is ready',
  },
  'explain-no-cluster': {
    status: 503,
    message: 'the service runs without a cluster (--nodes), so that it knows of no Jobs or pods',
    fix: 'ask a service that runs with a cluster',
  },
  'explain-unreadable': {
    status: 503,
    message: 'the service could not read the object from the API server',
    fix: 'look at the log of the service',
  },
  'api-internal': { status: 500, message: 'internal error, see the log', fix: 'report it, with the log line' },
} as const satisfies Record<string, { status: number; message: string; fix: string }>;

export type ApiRequestErrorCode = keyof typeof API_REQUEST_ERRORS;

/** A request that gets no answer but this. */
export class ApiRequestError extends Error {
  override readonly name = 'ApiRequestError';
  readonly code: ApiRequestErrorCode;

  constructor(code: ApiRequestErrorCode, options?: ErrorOptions) {
    super(API_REQUEST_ERRORS[code].message, options);
    this.code = code;
  }
}
