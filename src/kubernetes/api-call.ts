import { text as textOf } from 'node:stream/consumers';
import { send, statusError } from './api-get.ts';
import type { ApiAccess, ApiRequest, Patience } from './api-get.ts';
import type { ApiError } from './errors.ts';
import { member, text } from './untyped.ts';

export const STRATEGIC_MERGE_PATCH = 'application/strategic-merge-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

/** One call; `body` is sent as JSON, by default of type `application/json` (a patch must say which kind it is). */
export interface ApiCall {
  readonly method: ApiRequest['method'];
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Leaves the answer of a success unread: what is written in masses is not taken apart only to be thrown away. */
  readonly unread?: boolean;
  readonly patience: Patience;
}

/** An answer; `body` is the parsed JSON, or the text where it is none; null where it was left unread. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls the API server, raw JSON both ways. Any status is an answer; trouble on the way is thrown as an ApiError. */
export async function apiCall(access: ApiAccess, call: ApiCall): Promise<ApiAnswer> {
  const { method, path, body, contentType = 'application/json', unread = false, patience } = call;
  const payload = body === undefined ? {} : { payload: { text: JSON.stringify(body), contentType } };
  const answer = await send(access, { method, path, ...payload }, patience);
  // Read to its end in any case, so that the connection can be used again.
  const json = await textOf(answer.body);
  return { status: answer.status, body: unread && answer.status < 300 ? null : parsed(json) };
}

/** The error that stands for an answer, e.g. `conflict` for 409; `what` was tried, for the message. */
export function answerError(what: string, { status, body }: ApiAnswer): ApiError {
  return statusError(status, `${what}: ${text(member(body, 'message')) ?? text(body) ?? 'no word why'}`);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
