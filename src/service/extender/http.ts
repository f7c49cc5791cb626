import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import { bodyOf, postFault, readPost, secondsSince, sendJson, startClock } from '../json-post.ts';
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
  const started = startClock(options.monotonic);
  const read = readPost(options.bodyLimit);
  for (const verb of ['filter', 'prioritize'] as const) {
    const fail = failure(verb, options);
    app.all(`/extender/v1/${verb}`, started, ...read, answer(verb, options), fail);
  }
  app.use((_request, response) => {
    sendError(response, 'extender-no-such-path');
  });
  return app;
}

function answer(verb: Verb, options: ExtenderAppOptions): RequestHandler {
  return (request: Request, response: Response) => {
    const { body, afterwards } = options.calls[verb](readRequest(bodyOf(request)));
    sendJson(response, 200, body);
    options.observer.onAnswered(verb, 200, secondsSince(response, options.monotonic));
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

function failure(verb: Verb, options: ExtenderAppOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const code = codeOf(error);
    if (code === null) options.observer.onFailure(verb, error);
    const status = code === null ? 500 : EXTENDER_ERRORS[code].status;
    options.observer.onAnswered(verb, status, secondsSince(response, options.monotonic));
    if (response.headersSent) next(error);
    else if (code === null) sendJson(response, 500, INTERNAL);
    else sendError(response, code);
  };
}

const INTERNAL = Buffer.from(JSON.stringify({ code: 'internal', message: 'internal error, see the log' }));

function codeOf(error: unknown): ExtenderErrorCode | null {
  if (error instanceof ExtenderError) return error.code;
  const fault = postFault(error);
  return fault === null ? null : `extender-${fault}`;
}

function sendError(response: Response, code: ExtenderErrorCode): void {
  const { status, message, fix } = EXTENDER_ERRORS[code];
  sendJson(response, status, Buffer.from(JSON.stringify({ code, message, fix })));
}
