import assert from 'node:assert/strict';
import { z } from 'zod';
import { millis } from '../../../../src/carbon/units.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import { timeField } from '../../../../src/sources/http/fields.ts';
import { okJson } from '../../../../src/sources/http/json.ts';
import type { HttpAnswer } from '../../../../src/sources/http/request.ts';

const Latest = z.object({ zone: z.string(), value: z.number().nullable() });

describe('okJson', () => {
  it('reads what the schema knows and lets the rest be', () => {
    const text = '{"zone":"DE","value":null,"disclaimer":"new in v5"}';

    assert.deepEqual(okJson(answer({ text }), Latest), { zone: 'DE', value: null });
  });

  const refused: Record<string, { given: Partial<HttpAnswer>; want: string; says: string }> = {
    'a login that is needed': {
      given: { status: 401, text: '{"error":"Invalid auth-token"}' },
      want: 'unauthorized',
      says: 'latest: status 401, Invalid auth-token',
    },
    'a plan that lacks it': {
      given: { status: 403, text: '{"error":"Invalid query parameters","message":"Invalid scope."}' },
      want: 'forbidden',
      says: 'latest: status 403, Invalid query parameters: Invalid scope.',
    },
    'a web page of a proxy': {
      given: { status: 403, contentType: 'text/html', text: '<html><title>Access\n denied</title>…' },
      want: 'forbidden',
      says: 'latest: status 403, Access denied',
    },
    'too many requests': { given: { status: 429, text: '' }, want: 'rate-limited', says: 'latest: status 429' },
    'an error on their side': {
      given: { status: 503, text: 'x'.repeat(500) },
      want: 'upstream-error',
      says: `latest: status 503, ${'x'.repeat(199)}…`,
    },
    'an error with a code and a message': {
      given: { status: 400, text: '{"error":{"code":"400 Bad Request","message":"no such date"}}' },
      want: 'refused',
      says: 'latest: status 400, no such date',
    },
    'problem details': {
      given: { status: 400, text: '{"type":"x","title":"Bad","status":400,"detail":"Location missing"}' },
      want: 'refused',
      says: 'latest: status 400, Location missing',
    },
    'a redirect': { given: { status: 302, text: 'moved' }, want: 'refused', says: 'latest: status 302' },
    'no content': { given: { status: 204, text: '' }, want: 'no-data', says: 'latest: status 204' },
    'a web page in place of JSON': {
      given: { contentType: 'text/html', text: '<!DOCTYPE html>' },
      want: 'malformed',
      says: 'latest: status 200 with a web page',
    },
    'JSON that breaks off': {
      given: { text: '{"zone":' },
      want: 'malformed',
      says: 'latest: status 200 with 8 characters that are not JSON',
    },
    'a field of another type': {
      given: { text: '{"zone":"DE","value":"302"}' },
      want: 'malformed',
      says: 'latest: not the documented format at value: Invalid input: expected number, received string',
    },
    'another shape altogether': {
      given: { text: '[]' },
      want: 'malformed',
      says: 'latest: not the documented format at the whole: Invalid input: expected object, received array',
    },
  };
  for (const [name, { given, want, says }] of Object.entries(refused))
    it(`calls ${name} ${want}`, () => {
      assert.throws(() => okJson(answer(given), Latest, 'latest'), { reason: want, message: says });
    });

  it('says of several formats what the first one lacks', () => {
    const Either = z.object({ data: z.union([z.object({ value: z.number() }), z.literal('none')]) });
    const given = answer({ text: '{"data":{"value":"302"}}' });

    assert.throws(() => okJson(given, Either, 'latest'), {
      message: 'latest: not the documented format at data.value: Invalid input: expected number, received string',
    });
  });

  it('hands on how long the provider wants to be left alone', () => {
    const given = answer({ status: 429, text: '', retryAfter: millis(90_000) });

    assert.throws(
      () => okJson(given, Latest),
      (error) => error instanceof ProviderFailure && error.retryAfter === 90_000,
    );
  });
});

describe('timeField', () => {
  const times: Record<string, { text: unknown; want: string | null }> = {
    'takes minutes': { text: '2026-01-05T18:00Z', want: '2026-01-05T18:00:00.000Z' },
    'takes milliseconds': { text: '2026-01-05T18:00:00.250Z', want: '2026-01-05T18:00:00.250Z' },
    'takes an offset': { text: '2026-01-05T18:00:00+01:00', want: '2026-01-05T17:00:00.000Z' },
    'takes an offset without its colon': { text: '2026-01-05T18:00:00+0100', want: '2026-01-05T17:00:00.000Z' },
    'refuses a local time': { text: '2026-01-05T18:00:00', want: null },
    'refuses a day': { text: '2026-01-05', want: null },
    'refuses an hour that no day has': { text: '2026-01-05T25:00Z', want: null },
    'refuses a number': { text: 1767636000, want: null },
  };
  for (const [name, { text, want }] of Object.entries(times))
    it(name, () => {
      const read = timeField.safeParse(text);

      assert.equal(read.success ? new Date(read.data).toISOString() : null, want);
    });
});

function answer(given: Partial<HttpAnswer>): HttpAnswer {
  return { status: 200, contentType: 'application/json', text: '{}', retryAfter: null, clockSkew: null, ...given };
}
