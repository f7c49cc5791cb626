import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis } from '../../../../src/carbon/units.ts';
import { afterAnswer, afterFailure, CLOSED, phaseOf } from '../../../../src/sources/chain/circuit.ts';
import type { CircuitState } from '../../../../src/sources/chain/state.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';
import { NOW } from '../../../support/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const REFRESH = millis(5 * MINUTE);

interface Failing {
  reason?: FailureReason;
  retryAfter?: number;
  /** Milliseconds from NOW. */
  asked?: number;
  took?: number;
  refresh?: number;
  chance?: number;
}

function fail(state: CircuitState, failing: Failing = {}): CircuitState {
  const { reason = 'timeout', retryAfter, asked = 0, took = 0, refresh = REFRESH, chance = 0 } = failing;
  return afterFailure(
    state,
    {
      reason,
      retryAfter: retryAfter === undefined ? null : millis(retryAfter),
      asked: instant(NOW + asked),
      failed: instant(NOW + asked + took),
    },
    { refresh: millis(refresh), chance },
  );
}

function failTimes(times: number, failing: Failing = {}): CircuitState {
  let state = CLOSED;
  for (let i = 0; i < times; i += 1) {
    const asked = state.openUntil === null ? i : state.openUntil - NOW;
    state = fail(state, { ...failing, asked });
  }
  return state;
}

describe('circuit', () => {
  const opening: Record<string, { state: CircuitState; wantSeconds: number | null }> = {
    'stays closed after two failures': { state: failTimes(2), wantSeconds: null },
    'opens for half a minute at the third failure in a row': { state: failTimes(3), wantSeconds: 30 },
    'opens at once where credentials are refused': { state: fail(CLOSED, { reason: 'unauthorized' }), wantSeconds: 30 },
    'opens at once at a 429 that names no time': { state: fail(CLOSED, { reason: 'rate-limited' }), wantSeconds: 30 },
    'opens until the time that a 429 names': {
      state: fail(CLOSED, { reason: 'rate-limited', retryAfter: 20 * MINUTE }),
      wantSeconds: 20 * 60,
    },
    'opens for its own time where a 429 names a shorter one': {
      state: fail(CLOSED, { reason: 'rate-limited', retryAfter: SECOND }),
      wantSeconds: 30,
    },
    'opens until the time that a 503 names': {
      state: fail(CLOSED, { reason: 'upstream-error', retryAfter: 2 * MINUTE }),
      wantSeconds: 120,
    },
    'opens for a day at most, whatever is asked': {
      state: fail(CLOSED, { reason: 'rate-limited', retryAfter: 365 * 24 * 60 * MINUTE }),
      wantSeconds: 24 * 60 * 60,
    },
    'opens for less by chance': { state: fail(CLOSED, { reason: 'unauthorized', chance: 1 }), wantSeconds: 15 },
    'opens for the refresh interval where that is shorter': {
      state: fail(CLOSED, { reason: 'unauthorized', refresh: 10 * SECOND }),
      wantSeconds: 10,
    },
    'counts the time that the failed request took': {
      state: fail(CLOSED, { reason: 'unauthorized', took: 10 * SECOND }),
      wantSeconds: 30,
    },
    'leaves a second where the request took longer than that': {
      state: fail(CLOSED, { reason: 'unauthorized', took: 40 * SECOND }),
      wantSeconds: 41,
    },
  };
  for (const [sentence, { state, wantSeconds }] of Object.entries(opening)) {
    it(sentence, () => {
      const seconds = state.openUntil === null ? null : Math.round((state.openUntil - NOW) / SECOND);
      assert.equal(seconds, wantSeconds);
    });
  }

  it('opens for twice as long after each failed probe, up to the refresh interval', () => {
    const spans = [3, 4, 5, 6, 7, 8].map((times) => {
      const before = failTimes(times - 1).openUntil ?? NOW;
      return Math.round(((failTimes(times).openUntil ?? NOW) - before) / SECOND);
    });
    assert.deepEqual(spans, [30, 60, 120, 240, 300, 300]);
  });

  it('opens for ten minutes at most, however long the refresh interval', () => {
    const hourly = { refresh: 60 * MINUTE };
    const span = Number(failTimes(20, hourly).openUntil) - Number(failTimes(19, hourly).openUntil);
    assert.equal(span, 10 * MINUTE);
  });

  it('is open until its time, then lets a probe through', () => {
    const open = fail(CLOSED, { reason: 'unauthorized' });
    const at = (ms: number): string => phaseOf(open, instant(NOW + ms));

    assert.deepEqual([at(0), at(30 * SECOND - 1), at(30 * SECOND)], ['open', 'open', 'half-open']);
    assert.equal(phaseOf(CLOSED, NOW), 'closed');
  });

  it('is closed by an answer, and forgets its failures', () => {
    const open = failTimes(6);
    assert.deepEqual(afterAnswer(open, open.openUntil ?? NOW), CLOSED);
    assert.deepEqual(afterAnswer(failTimes(2), NOW), CLOSED);
  });

  it('is not closed by an answer that was under way when it opened', () => {
    const open = failTimes(3);
    assert.equal(afterAnswer(open, NOW), open);
  });

  it('does not grow by failures that were under way when it opened', () => {
    const open = failTimes(3);
    assert.deepEqual(fail(open), open);
  });

  it('heeds a Retry-After that was under way when it opened', () => {
    const open = fail(failTimes(3), { reason: 'rate-limited', retryAfter: 7 * MINUTE });
    assert.equal(open.openUntil, NOW + 7 * MINUTE);
  });

  const anyReason = fc.constantFrom<FailureReason>('timeout', 'unauthorized', 'rate-limited', 'upstream-error');
  const anyFailing = fc.record({
    reason: anyReason,
    retryAfter: fc.option(fc.integer({ min: 0, max: 3_600_000 }), { nil: undefined }),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
    refresh: fc.constantFrom(20 * SECOND, MINUTE, REFRESH, 30 * MINUTE),
    after: fc.integer({ min: 0, max: 20 * MINUTE }),
  });

  it('is never open for longer than the refresh interval and what the provider asked for', () => {
    fc.assert(
      fc.property(fc.array(anyFailing, { maxLength: 20 }), (failings) => {
        let state = CLOSED;
        let [asked, longest] = [0, 0];
        for (const { after, retryAfter, ...failing } of failings) {
          asked += after;
          state = fail(state, { ...failing, asked, ...(retryAfter === undefined ? {} : { retryAfter }) });
          longest = Math.max(longest, NOW + asked + Math.max(failing.refresh, retryAfter ?? 0));
          assert.ok((state.openUntil ?? 0) <= longest);
        }
      }),
    );
  });
});
