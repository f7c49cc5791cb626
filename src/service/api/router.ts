import { Router } from 'express';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { secondsSince, startClock } from '../json-post.ts';
import { API_REQUEST_ERRORS, ApiRequestError } from './errors.ts';
import type { ApiRequestErrorCode } from './errors.ts';
import { explainHandler } from './explain.ts';
import type { ExplainBackend } from './explain.ts';

/** Endpoints of the API, as metrics name them. */
export type Endpoint = 'explain';

/** Who is told how each request went: status, and seconds from its first byte read to its answer handed over. */
export interface ApiObserver {
  onAnswered(endpoint: Endpoint, status: number, seconds: number): void;
  /** What is not the caller's fault. */
  onFailure(endpoint: Endpoint, error: unknown): void;
}

interface ApiOptions {
  readonly observer: ApiObserver;
  /** Monotonic, in milliseconds. */
  readonly monotonic: () => number;
  readonly explain: () => ExplainBackend;
}

/** The API for people and programs, read only; to be mounted at `/api/v1`. */
export function apiRouter(options: ApiOptions): Router {
  const router = Router();
  endpoint(router, 'explain', explainHandler(options.explain), options);
  router.use((_request, response) => {
    sendError(response, 'api-no-such-path');
  });
  return router;
}

function endpoint(router: Router, name: Endpoint, handle: RequestHandler, options: ApiOptions): void {
  const { observer, monotonic } = options;
  const watched: RequestHandler = (_request, response, next) => {
    response.once('finish', () => {
      observer.onAnswered(name, response.statusCode, secondsSince(response, monotonic));
    });
    response.setHeader('Cache-Control', 'no-store');
    next();
  };
  router.all(`/${name}`, startClock(monotonic), watched, onlyGet, handle, failure(name, options));
}

const onlyGet: RequestHandler = (request, response, next) => {
  if (request.method === 'GET') {
    next();
    return;
  }
  response.setHeader('Allow', 'GET');
  next(new ApiRequestError('api-only-get'));
};

function failure(name: Endpoint, { observer }: ApiOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (!(error instanceof ApiRequestError)) observer.onFailure(name, error);
    else if (error.cause !== undefined) observer.onFailure(name, error.cause);
    if (response.headersSent) next(error);
    else sendError(response, error instanceof ApiRequestError ? error.code : 'api-internal');
  };
}

function sendError(response: Response, code: ApiRequestErrorCode): void {
  const { status, message, fix } = API_REQUEST_ERRORS[code];
  response.status(status).json({ code, message, fix });
}
