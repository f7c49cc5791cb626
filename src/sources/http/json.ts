import { z } from 'zod';
import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';
import type { HttpAnswer } from './request.ts';

/** Of the provider's own words, in messages. */
const QUOTED = 200;

/**
 * The answer's JSON, as its schema reads it. `what` names the request in messages, e.g. its path.
 * @throws ProviderFailure by the status, or `malformed` for whatever is not the documented format.
 */
export function okJson<Parsed>(answer: HttpAnswer, schema: z.ZodType<Parsed>, what = 'the answer'): Parsed {
  const failure = statusFailure(answer, what);
  if (failure !== null) throw failure;
  const parsed = schema.safeParse(jsonOf(answer, what));
  if (parsed.success) return parsed.data;
  throw new ProviderFailure('malformed', `${what}: ${issueText(parsed.error)}`);
}

/** Why a status is not one to read a body with; null for 200 and its like. */
export function statusFailure(answer: HttpAnswer, what = 'the answer'): ProviderFailure | null {
  const reason = reasonOf(answer.status);
  if (reason === null) return null;
  const words = answer.status >= 400 ? errorText(answer) : '';
  const message = `${what}: status ${answer.status}${words === '' ? '' : `, ${words}`}`;
  return new ProviderFailure(reason, message, answer.retryAfter);
}

const REASONS: Readonly<Record<number, FailureReason>> = {
  204: 'no-data',
  401: 'unauthorized',
  403: 'forbidden',
  408: 'timeout',
  429: 'rate-limited',
};

function reasonOf(status: number): FailureReason | null {
  const named = REASONS[status];
  if (named !== undefined) return named;
  if (status >= 500) return 'upstream-error';
  return status >= 300 ? 'refused' : null;
}

function jsonOf(answer: HttpAnswer, what: string): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    // The parser's message quotes the text, which may be anything.
    const kind = isHtml(answer) ? 'a web page' : `${answer.text.length} characters that are not JSON`;
    throw new ProviderFailure('malformed', `${what}: status ${answer.status} with ${kind}`);
  }
}

function issueText({ issues }: z.ZodError): string {
  const issue = issues[0] && deepest(issues[0]);
  if (issue === undefined) return 'not the documented format';
  const path = issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  return `not the documented format at ${path}: ${issue.message}`.slice(0, QUOTED);
}

/** Of several formats the first is the one that is expected. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const inner = issue.code === 'invalid_union' ? issue.errors[0]?.[0] : undefined;
  return inner === undefined ? issue : deepest({ ...inner, path: [...issue.path, ...inner.path] });
}

const ErrorBody = z.object({
  error: z.union([z.string(), z.object({ message: z.string() })]).optional(),
  message: z.string().optional(),
  detail: z.string().optional(),
  title: z.string().optional(),
});

/** The provider's own words on what went wrong, short and on one line; empty without any. */
export function errorText(answer: HttpAnswer): string {
  return oneLine(isHtml(answer) ? titleOf(answer.text) : wordsOf(answer.text));
}

function wordsOf(text: string): string {
  try {
    const parsed = ErrorBody.safeParse(JSON.parse(text));
    if (!parsed.success) return '';
    const { error, message, detail, title } = parsed.data;
    const first = typeof error === 'string' ? error : error?.message;
    return [first, message, detail ?? title].filter((words) => words !== undefined).join(': ');
  } catch {
    return text;
  }
}

function isHtml({ contentType, text }: HttpAnswer): boolean {
  return contentType === 'text/html' || /^\s*</.test(text);
}

function titleOf(html: string): string {
  return /<title[^>]*>([^<]*)</i.exec(html)?.[1] ?? 'a web page';
}

function oneLine(words: string): string {
  const line = words
    .slice(0, 2 * QUOTED)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > QUOTED ? `${line.slice(0, QUOTED - 1)}…` : line;
}
