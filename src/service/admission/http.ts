import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import { bodyOf, postFault, readPost, secondsSince, sendJson, startClock } from '../json-post.ts';
import type { Purpose, Resource } from './admission.ts';
import { reviewResponse } from './answer.ts';
import type { AdmissionAnswer } from './answer.ts';
import { ADMISSION_ERRORS, AdmissionError } from './errors.ts';
import type { AdmissionErrorCode } from './errors.ts';
import { readReview } from './review.ts';
import type { AdmissionRequest } from './review.ts';

/** What answers the reviews. */
export interface AdmissionCalls {
  answer(resource: Resource, purpose: Purpose, request: AdmissionRequest): Promise<AdmissionAnswer>;
}

/** Who is told how each review went: HTTP status, and seconds from its first byte read to its answer handed over. */
export interface AdmissionHttpObserver {
  onAnswered(resource: Resource, status: number, seconds: number): void;
  onFailure(resource: Resource, error: unknown): void;
}

interface AdmissionAppOptions {
  readonly admission: AdmissionCalls;
  readonly observer: AdmissionHttpObserver;
  /** Largest body read, in bytes. */
  readonly bodyLimit: number;
  /** Monotonic, in milliseconds. */
  readonly monotonic: () => number;
}

interface Route {
  readonly path: string;
  readonly resource: Resource;
  readonly purpose: Purpose;
}

/** A webhook's path takes no query (the API server refuses one), so what a webhook is for stands in the path. */
export const ADMISSION_ROUTES: readonly Route[] = [
  { path: '/admission/v1/pods', resource: 'pods', purpose: 'carbon' },
  { path: '/admission/v1/jobs', resource: 'jobs', purpose: 'carbon' },
  { path: '/admission/v1/pods/enforced', resource: 'pods', purpose: 'enforced' },
  { path: '/admission/v1/jobs/enforced', resource: 'jobs', purpose: 'enforced' },
  { path: '/admission/v1/pods/guard', resource: 'pods', purpose: 'guard' },
];

/** Admission's HTTP side. A fault of our own is a 500: the webhook's failure policy decides then. */
export function admissionApp(options: AdmissionAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const started = startClock(options.monotonic);
  const read = readPost(options.bodyLimit);
  for (const route of ADMISSION_ROUTES) {
    app.all(route.path, started, ...read, answer(route, options), failure(route, options));
  }
  app.use((_request, response) => {
    sendError(response, 'admission-no-such-path');
  });
  return app;
}

function answer({ resource, purpose }: Route, options: AdmissionAppOptions): RequestHandler {
  return async (request: Request, response: Response) => {
    const review = readReview(bodyOf(request));
    const answered = await options.admission.answer(resource, purpose, review);
    sendJson(response, 200, Buffer.from(JSON.stringify(reviewResponse(review.uid, answered))));
    options.observer.onAnswered(resource, 200, secondsSince(response, options.monotonic));
  };
}

function failure({ resource }: Route, { observer, monotonic }: AdmissionAppOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const code = codeOf(error);
    if (code === null) observer.onFailure(resource, error);
    observer.onAnswered(
      resource,
      code === null ? 500 : ADMISSION_ERRORS[code].status,
      secondsSince(response, monotonic),
    );
    if (response.headersSent) next(error);
    else if (code === null) sendJson(response, 500, INTERNAL);
    else sendError(response, code);
  };
}

const INTERNAL = Buffer.from(JSON.stringify({ code: 'internal', message: 'internal error, see the log' }));

function codeOf(error: unknown): AdmissionErrorCode | null {
  if (error instanceof AdmissionError) return error.code;
  const fault = postFault(error);
  return fault === null ? null : `admission-${fault}`;
}

function sendError(response: Response, code: AdmissionErrorCode): void {
  const { status, message, fix } = ADMISSION_ERRORS[code];
  sendJson(response, status, Buffer.from(JSON.stringify({ code, message, fix })));
}
