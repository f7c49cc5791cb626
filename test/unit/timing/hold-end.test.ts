import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis } from '../../../src/carbon/units.ts';
import { holdEnd, latestStart } from '../../../src/timing/hold-end.ts';
import { untouched } from '../../../src/timing/progress.ts';
import type { HoldEnd, HoldSpan } from '../../../src/timing/hold-end.ts';
import { at, holdIntent, hours, minutes } from '../../support/hold.ts';

const CREATED = at('2026-03-02T12:00:00Z');
const NONE = minutes(0);

function end(part: Partial<HoldSpan> = {}): HoldEnd {
  const progress = untouched(CREATED);
  return holdEnd({
    hold: holdIntent(),
    progress,
    limit: null,
    startupAllowance: minutes(2),
    resumes: { spent: NONE, next: NONE },
    ...part,
  });
}

describe('holdEnd', () => {
  const byDeadline = { deadline: at('2026-03-02T20:00:00Z'), expectedDuration: hours(1) };
  const cases: Record<string, { part?: Partial<HoldSpan>; want: HoldEnd['reason']; until: string }> = {
    'is the maximum delay after creation': { want: 'max-delay-reached', until: '2026-03-03T00:00:00Z' },
    'is the latest start that meets the deadline': {
      part: { hold: holdIntent(byDeadline) },
      want: 'deadline-near',
      until: '2026-03-02T18:58:00Z',
    },
    'is the maximum delay where that is earlier than the latest start': {
      part: { hold: holdIntent({ ...byDeadline, maxDelay: hours(3) }) },
      want: 'max-delay-reached',
      until: '2026-03-02T15:00:00Z',
    },
    'counts what it waited before its latest pause': {
      part: { progress: { since: at('2026-03-02T16:00:00Z'), waited: hours(2), ran: hours(1) } },
      want: 'max-delay-reached',
      until: '2026-03-03T02:00:00Z',
    },
    'leaves time for the next resume, and for what earlier ones took of the running time': {
      part: {
        hold: holdIntent({ deadline: at('2026-03-03T02:00:00Z'), expectedDuration: hours(4) }),
        progress: { since: at('2026-03-02T16:00:00Z'), waited: hours(2), ran: hours(2) },
        resumes: { spent: minutes(20), next: minutes(11) },
      },
      want: 'deadline-near',
      until: '2026-03-02T23:27:00Z',
    },
    'keeps the limit of a run without a pause: its resumes come off': {
      part: {
        progress: { since: at('2026-03-02T16:00:00Z'), waited: hours(2), ran: hours(2) },
        resumes: { spent: minutes(20), next: minutes(11) },
        limit: hours(6),
      },
      want: 'hold-limit-reached',
      until: '2026-03-02T19:29:00Z',
    },
    'is now for work that has outrun what was expected before its deadline': {
      part: {
        hold: holdIntent(byDeadline),
        progress: { since: at('2026-03-02T16:00:00Z'), waited: hours(2), ran: hours(1) },
      },
      want: 'deadline-near',
      until: '2026-03-02T16:00:00Z',
    },
    'can always be written, whatever is expected': {
      part: { hold: holdIntent({ ...byDeadline, expectedDuration: hours(2_501_999_784) }) },
      want: 'deadline-near',
      until: '0001-01-01T00:00:00Z',
    },
    'is the limit where that is earliest': {
      part: { hold: holdIntent(byDeadline), limit: hours(2) },
      want: 'hold-limit-reached',
      until: '2026-03-02T14:00:00Z',
    },
    'is not the limit where that is later': {
      part: { limit: hours(13) },
      want: 'max-delay-reached',
      until: '2026-03-03T00:00:00Z',
    },
    'names the maximum delay where all fall together': {
      part: {
        hold: holdIntent({ ...byDeadline, maxDelay: minutes(6 * 60 + 58) }),
        limit: minutes(6 * 60 + 58),
      },
      want: 'max-delay-reached',
      until: '2026-03-02T18:58:00Z',
    },
    'is creation where no delay is allowed': {
      part: { hold: holdIntent({ maxDelay: millis(0) }) },
      want: 'max-delay-reached',
      until: '2026-03-02T12:00:00Z',
    },
    'may have been before creation': {
      part: { hold: holdIntent({ deadline: CREATED, expectedDuration: hours(1) }) },
      want: 'deadline-near',
      until: '2026-03-02T10:58:00Z',
    },
    'stays a time that can be written, however long the delay': {
      part: { hold: holdIntent({ maxDelay: millis(Number.MAX_SAFE_INTEGER) }) },
      want: 'max-delay-reached',
      until: '9999-12-31T23:59:59Z',
    },
    'counts a deadline without a duration as that of work that takes none': {
      part: { hold: holdIntent({ deadline: at('2026-03-02T20:00:00Z') }) },
      want: 'deadline-near',
      until: '2026-03-02T19:58:00Z',
    },
  };
  for (const [sentence, { part, want, until }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(end(part), { reason: want, until: at(until) });
    });
  }

  it('is never later than any of its bounds, and one of them', () => {
    const length = fc.integer({ min: 0, max: 1e9 });
    fc.assert(
      fc.property(length, fc.option(length), fc.option(length), (maxDelay, deadline, limit) => {
        const hold = holdIntent({
          maxDelay: millis(maxDelay),
          deadline: deadline === null ? null : instant(CREATED + deadline),
          expectedDuration: minutes(5),
        });
        const bounds = [CREATED + maxDelay];
        if (limit !== null) bounds.push(CREATED + limit);
        const start = latestStart(hold, minutes(2));
        if (start !== null) bounds.push(start);

        const { until } = end({ hold, limit: limit === null ? null : millis(limit) });

        assert.equal(until, Math.min(...bounds));
      }),
    );
  });
});

describe('latestStart', () => {
  it('leaves the expected duration and the time to start before the deadline', () => {
    const hold = holdIntent({ deadline: at('2026-03-02T20:00:00Z'), expectedDuration: hours(1) });

    assert.equal(latestStart(hold, minutes(2)), at('2026-03-02T18:58:00Z'));
  });

  it('leaves no more than what is still to be run, and what resuming costs', () => {
    const hold = holdIntent({ deadline: at('2026-03-02T20:00:00Z'), expectedDuration: hours(1) });

    assert.equal(
      latestStart(hold, minutes(2), { ran: minutes(40), switchCost: minutes(5) }),
      at('2026-03-02T19:33:00Z'),
    );
    assert.equal(latestStart(hold, minutes(2), { ran: hours(3), switchCost: minutes(5) }), at('2026-03-02T19:53:00Z'));
  });

  it('is none without a deadline', () => {
    assert.equal(latestStart(holdIntent({ expectedDuration: hours(1) }), minutes(2)), null);
  });
});
