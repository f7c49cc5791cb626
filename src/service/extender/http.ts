import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import { ExtenderError, EXTENDER_ERRORS } from './errors.ts';
import type { ExtenderErrorCode } from './errors.ts';
import type { Answered } from './extender.ts';
import { readRequest } from './request.ts';
import type { ExtenderRequest } from './request.ts';

/** The two calls of kube-scheduler that are served. */
export type Verb = 'filter' | 'prioritize';

/** What answers them. */
export interface ExtenderCalls {
  filter(request: ExtenderRequest): Answered;
  prioritize(request: ExtenderRequest): Answered;
}

/** Who is told how each request went: status, and seconds from its first byte read to its answer handed over. */
export interface HttpObserver {
  onAnswered(verb: Verb, status: number, seconds: number): void;
  onFailure(verb: Verb, error: unknown): void;
}

interface ExtenderAppOptions {
  readonly calls: ExtenderCalls;
  readonly observer: HttpObserver;
  /** Largest body read, in bytes. */
  readonly bodyLimit: number;
  /** Monotonic, in milliseconds. */
  readonly monotonic: () => number;
}

/** The extender's HTTP side: method, type and size are checked before anything is read. */
export function extenderApp(options: ExtenderAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const readBody = express.raw({ type: 'application/json', limit: options.bodyLimit, inflate: false });
  for (const verb of ['filter', 'prioritize'] as const) {
    const fail = failure(verb, options);
    app.all(`/extender/v1/${verb}`, startClock(options), onlyPost, readBody, answer(verb, options), fail);
  }
  app.use((_request, response) => {
    sendError(response, 'extender-no-such-path');
  });
  return app;
}

function startClock({ monotonic }: ExtenderAppOptions): RequestHandler {
  return (_request, response, next) => {
    response.locals['started'] = monotonic();
    next();
  };
}

const onlyPost: RequestHandler = (request, response, next) => {
  if (request.method === 'POST') {
    next();
    return;
  }
  response.setHeader('Allow', 'POST');
  next(new ExtenderError('extender-not-post'));
};

function answer(verb: Verb, options: ExtenderAppOptions): RequestHandler {
  return (request: Request, response: Response) => {
    if (!Buffer.isBuffer(request.body)) {
      throw new ExtenderError(hasBody(request) ? 'extender-wrong-type' : 'extender-not-json');
    }
    const { body, afterwards } = options.calls[verb](readRequest(request.body));
    send(response, 200, body);
    options.observer.onAnswered(verb, 200, secondsSince(response, options));
    if (afterwards !== null) setImmediate(guarded(afterwards, verb, options));
  };
}

/** Outside the request nobody else would catch it, and the process would end. */
function guarded(work: () => void, verb: Verb, { observer }: ExtenderAppOptions): () => void {
  return () => {
    try {
      work();
    } catch (error) {
      observer.onFailure(verb, error);
    }
  };
}

/** express.raw leaves the body unset both for another type and where there is no body at all. */
function hasBody(request: Request): boolean {
  return request.headers['content-length'] !== '0' && request.is('application/json') !== 'application/json';
}

function failure(verb: Verb, options: ExtenderAppOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const code = codeOf(error);
    if (code === null) options.observer.onFailure(verb, error);
    const status = code === null ? 500 : EXTENDER_ERRORS[code].status;
    options.observer.onAnswered(verb, status, secondsSince(response, options));
    if (response.headersSent) next(error);
    else if (code === null) send(response, 500, INTERNAL);
    else sendError(response, code);
  };
}

const INTERNAL = Buffer.from(JSON.stringify({ code: 'internal', message: 'internal error, see the log' }));

/** The body reader's own errors, by the type that they carry. */
const OF_BODY_READER: Readonly<Record<string, ExtenderErrorCode>> = {
  'entity.too.large': 'extender-too-large',
  'encoding.unsupported': 'extender-wrong-type',
  'request.aborted': 'extender-incomplete',
  'request.size.invalid': 'extender-incomplete',
};

function codeOf(error: unknown): ExtenderErrorCode | null {
  if (error instanceof ExtenderError) return error.code;
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return null;
  return OF_BODY_READER[error.type] ?? null;
}

function sendError(response: Response, code: ExtenderErrorCode): void {
  const { status, message, fix } = EXTENDER_ERRORS[code];
  send(response, status, Buffer.from(JSON.stringify({ code, message, fix })));
}

/** With its length known beforehand an answer goes out in one piece, and the connection is used again. */
function send(response: Response, status: number, body: Buffer): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

function secondsSince(response: Response, { monotonic }: ExtenderAppOptions): number {
  return (monotonic() - Number(response.locals['started'])) / 1000;
}
