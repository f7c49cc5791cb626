import express from 'express';
import type { Request, RequestHandler, Response } from 'express';

/** What can be wrong with a POST before its JSON is looked at; each server has a catalogue entry for it. */
export type PostFault = 'not-post' | 'wrong-type' | 'not-json' | 'too-large' | 'incomplete';

/** A request that is no POST of JSON. */
export class PostError extends Error {
  readonly fault: PostFault;

  constructor(fault: PostFault) {
    super(fault);
    this.name = 'PostError';
    this.fault = fault;
  }
}

/** Checks the method, then reads a body of at most so many bytes as it is: plain JSON, not parsed. */
export function readPost(bodyLimit: number): readonly RequestHandler[] {
  return [onlyPost, express.raw({ type: 'application/json', limit: bodyLimit, inflate: false })];
}

const onlyPost: RequestHandler = (request, response, next) => {
  if (request.method === 'POST') {
    next();
    return;
  }
  response.setHeader('Allow', 'POST');
  next(new PostError('not-post'));
};

/** @throws PostError where there is no body, or one of another type. */
export function bodyOf(request: Request): Buffer {
  if (Buffer.isBuffer(request.body)) return request.body;
  throw new PostError(hasOtherBody(request) ? 'wrong-type' : 'not-json');
}

/** express.raw leaves the body unset both for another type and where there is no body at all. */
function hasOtherBody(request: Request): boolean {
  return request.headers['content-length'] !== '0' && request.is('application/json') !== 'application/json';
}

/** The body reader's own errors, by the type that they carry. */
const OF_BODY_READER: Readonly<Record<string, PostFault>> = {
  'entity.too.large': 'too-large',
  'encoding.unsupported': 'wrong-type',
  'request.aborted': 'incomplete',
  'request.size.invalid': 'incomplete',
};

/** The caller's fault behind an error; null: it is none of the caller's. */
export function postFault(error: unknown): PostFault | null {
  if (error instanceof PostError) return error.fault;
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return null;
  return OF_BODY_READER[error.type] ?? null;
}

/** With its length known beforehand an answer goes out in one piece, and the connection is used again. */
export function sendJson(response: Response, status: number, body: Buffer): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', body.length);
  response.end(body);
}

/** Notes when a request was taken up, on a clock in milliseconds that only rises. */
export function startClock(monotonic: () => number): RequestHandler {
  return (_request, response, next) => {
    response.locals['started'] = monotonic();
    next();
  };
}

/** Seconds since `startClock` saw the request. */
export function secondsSince(response: Response, monotonic: () => number): number {
  return (monotonic() - Number(response.locals['started'])) / 1000;
}
