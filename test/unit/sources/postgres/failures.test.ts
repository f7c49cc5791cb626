import assert from 'node:assert/strict';
import { DEFAULT_COLUMNS } from '../../../../src/sources/postgres/client.ts';
import { failureOf } from '../../../../src/sources/postgres/failures.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';

const TABLE = { table: 'grid.live', columns: DEFAULT_COLUMNS };
const SECRET = 'hunter2-hunter2';
const coded = (code: string, message = `about ${SECRET}`): Error => Object.assign(new Error(message), { code });

describe('failureOf', () => {
  const HIDDEN: Record<string, readonly [Error, FailureReason, RegExp]> = {
    'a wrong password': [coded('28P01'), 'unauthorized', /28P01/],
    'a user that may not connect': [coded('28000'), 'unauthorized', /28000/],
    'a table that may not be read': [coded('42501'), 'forbidden', /SELECT/],
    'a database that is not there': [coded('3D000'), 'refused', /database/],
    'a statement that took too long': [coded('57014'), 'timeout', /57014/],
    'a server that is stopped': [coded('57P01'), 'unreachable', /57P01/],
    'a server that crashed': [coded('57P02'), 'unreachable', /57P02/],
    'a server that starts': [coded('57P03'), 'unreachable', /57P03/],
    'too many connections': [coded('53300'), 'upstream-error', /53300/],
    'a standby in conflict': [coded('40001'), 'upstream-error', /40001/],
    'a broken connection': [coded('08006'), 'unreachable', /08006/],
    'a server with a fault': [coded('XX000'), 'upstream-error', /XX000/],
    'a refused connection': [coded('ECONNREFUSED'), 'unreachable', /ECONNREFUSED/],
    'a name that nobody knows': [coded('ENOTFOUND'), 'unreachable', /ENOTFOUND/],
    'a connection that is not made in time': [coded('ETIMEDOUT'), 'timeout', /ETIMEDOUT/],
    'a string that is no URL': [coded('ERR_INVALID_URL'), 'refused', /not a URL/],
    'a certificate that is not trusted': [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unreachable', /SELF_SIGNED/],
    'addresses that are all refused': [
      new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH')]),
      'unreachable',
      /ECONNREFUSED/,
    ],
    'a driver that waits no longer': [new Error(`timeout expired ${SECRET}`), 'timeout', /in time/],
    'no password where one is wanted': [
      new Error(`SASL: client password must be a string ${SECRET}`),
      'unauthorized',
      /password/,
    ],
    'a server without TLS': [new Error(`The server does not support SSL connections ${SECRET}`), 'unreachable', /TLS/],
    'a connection that ended': [new Error(`Connection terminated unexpectedly ${SECRET}`), 'unreachable', /ended/],
  };
  for (const [what, [error, want, says]] of Object.entries(HIDDEN)) {
    it(`calls ${what} ${want}, in words of its own`, () => {
      const failure = failureOf(error, TABLE);

      assert.equal(failure.reason, want);
      assert.match(failure.message, says);
      assert.ok(!failure.message.includes(SECRET), failure.message);
    });
  }

  const SHOWN = {
    '42P01': 'relation "grid.live" does not exist',
    '42703': 'column "gco2_per_kwh" does not exist',
    '22P02': 'invalid input syntax for type double precision: "clean"',
    '42883': 'operator does not exist: integer = text',
  };
  for (const [state, words] of Object.entries(SHOWN)) {
    it(`passes on what the server says with ${state}, with the names that are meant`, () => {
      const { reason, message } = failureOf(coded(state, words), TABLE);

      assert.equal(reason, 'refused');
      assert.equal(message, `${words} (${state}): check table grid.live, columns region, timestamp, gco2_per_kwh`);
    });
  }

  it('lets a failure be', () => {
    const failure = new ProviderFailure('timeout', 'given up');
    assert.equal(failureOf(failure, TABLE), failure);
  });
});
