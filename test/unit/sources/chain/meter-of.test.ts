import assert from 'node:assert/strict';
import { instant } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import type { MeterOptions } from '../../../../src/sources/chain/meter-of.ts';
import type { BudgetState } from '../../../../src/sources/chain/state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const TODAY = Math.floor(NOON / DAY);

class Clock {
  at = NOON;
  readonly now = (): Instant => instant(this.at);
}

function meter(part: Partial<MeterOptions> = {}): { meter: Meter; clock: Clock } {
  const clock = new Clock();
  return { meter: new Meter({ perDay: null, perMinute: null, now: clock.now, ...part }), clock };
}

function takeUpTo(from: Meter, wanted: number): number {
  let taken = 0;
  while (taken < wanted && from.take()) taken += 1;
  return taken;
}

describe('Meter', () => {
  it('gives as much as one likes without limits', () => {
    const { meter: free } = meter();

    assert.equal(takeUpTo(free, 1000), 1000);
    assert.equal(free.left(), null);
    assert.equal(free.reserve(7), 7);
    assert.deepEqual(free.state(), { day: TODAY, used: 1000 });
  });

  it('gives no more than the day allows, until midnight UTC', () => {
    const { meter: daily, clock } = meter({ perDay: 3 });

    assert.equal(takeUpTo(daily, 10), 3);
    assert.equal(daily.left(), 0);
    assert.equal(daily.readyAt(1), (TODAY + 1) * DAY);
    clock.at = (TODAY + 1) * DAY - 1;
    assert.equal(daily.take(), false);
    clock.at += 1;
    assert.equal(daily.left(), 3);
    assert.equal(takeUpTo(daily, 10), 3);
  });

  it('gives a whole minute at once, and each of it again a minute later', () => {
    const { meter: paced, clock } = meter({ perMinute: 3 });

    assert.equal(paced.take(), true);
    clock.at += 20 * SECOND;
    assert.equal(takeUpTo(paced, 10), 2);
    assert.equal(paced.readyAt(1), NOON + MINUTE);
    assert.equal(paced.readyAt(3), NOON + 80 * SECOND);
    assert.equal(paced.readyAt(50), NOON + 80 * SECOND);
    clock.at = NOON + MINUTE - 1;
    assert.equal(paced.take(), false);
    clock.at = NOON + MINUTE;
    assert.equal(takeUpTo(paced, 10), 1);
  });

  it('is ready now where nothing stands in the way', () => {
    const { meter: paced } = meter({ perMinute: 3, perDay: 10 });
    assert.equal(paced.readyAt(2), NOON);
  });

  it('is ready for a report that is dearer than a day, when a whole day is there', () => {
    const { meter: daily } = meter({ perDay: 2 });

    assert.equal(daily.readyAt(5), NOON);
    daily.take();
    assert.equal(daily.readyAt(5), (TODAY + 1) * DAY);
  });

  it('survives a clock that is set back', () => {
    const { meter: both, clock } = meter({ perMinute: 1, perDay: 5 });

    both.take();
    clock.at -= 60 * MINUTE;
    assert.equal(both.take(), false);
    clock.at += MINUTE;
    assert.equal(both.take(), true);
    assert.equal(both.left(), 3);
  });

  it('forgets nothing where the clock was days ahead', () => {
    const { meter: daily, clock } = meter({ perDay: 5 });

    clock.at += 300 * DAY;
    takeUpTo(daily, 2);
    clock.at -= 300 * DAY;
    assert.equal(daily.left(), 3);
    clock.at += DAY;
    assert.equal(daily.left(), 5);
  });

  describe('with reservations', () => {
    it('sends only what was set aside', () => {
      const { meter: shared } = meter({ perDay: 10, reserved: true });

      assert.equal(shared.take(), false);
      assert.equal(shared.reserve(4), 4);
      assert.deepEqual(shared.state(), { day: TODAY, used: 4 });
      assert.equal(shared.left(), 10);
      assert.equal(takeUpTo(shared, 10), 4);
      assert.equal(shared.left(), 6);
    });

    it('counts in what an earlier round set aside and did not send', () => {
      const { meter: shared } = meter({ perDay: 10, reserved: true });

      shared.reserve(4);
      shared.take();
      assert.equal(shared.reserve(4), 4);
      assert.deepEqual(shared.state(), { day: TODAY, used: 5 });
    });

    it('sets aside no more than the day allows', () => {
      const { meter: shared } = meter({ perDay: 3, reserved: true });
      assert.equal(shared.reserve(8), 3);
      assert.equal(shared.reserve(8), 3);
    });

    it('gives up at midnight what was set aside the day before', () => {
      const { meter: shared, clock } = meter({ perDay: 3, reserved: true });

      shared.reserve(2);
      clock.at += DAY;
      assert.equal(shared.take(), false);
      assert.deepEqual(shared.state(), { day: TODAY + 1, used: 0 });
    });

    it('sends without any where the day is not limited', () => {
      const { meter: shared } = meter({ reserved: true });
      assert.equal(shared.take(), true);
    });
  });

  describe('adopting', () => {
    const cases: Record<string, { used: number; state: BudgetState; want: BudgetState }> = {
      'takes the greater use of the same day': {
        used: 2,
        state: { day: TODAY, used: 5 },
        want: { day: TODAY, used: 5 },
      },
      'keeps its own where that is greater': {
        used: 7,
        state: { day: TODAY, used: 5 },
        want: { day: TODAY, used: 7 },
      },
      'counts nothing of a day that is over': {
        used: 2,
        state: { day: TODAY - 1, used: 9 },
        want: { day: TODAY, used: 2 },
      },
      'follows a clock that is just past midnight': {
        used: 7,
        state: { day: TODAY + 1, used: 1 },
        want: { day: TODAY + 1, used: 1 },
      },
      'counts today what a wrong clock counted': {
        used: 2,
        state: { day: TODAY + 40, used: 9 },
        want: { day: TODAY, used: 9 },
      },
    };
    for (const [sentence, { used, state, want }] of Object.entries(cases)) {
      it(sentence, () => {
        const { meter: heir } = meter({ perDay: 10 });
        takeUpTo(heir, used);

        heir.adopt(state);

        assert.deepEqual(heir.state(), want);
      });
    }

    it('gives up what was set aside, and does not lend it again', () => {
      const { meter: heir } = meter({ perDay: 10, reserved: true });
      heir.reserve(6);

      heir.adopt({ day: TODAY, used: 3 });

      assert.equal(heir.take(), false);
      assert.equal(heir.reserve(10), 4);
    });

    it('takes what the other may just have sent out of its minute', () => {
      const { meter: heir, clock } = meter({ perMinute: 10 });

      heir.adopt({ day: TODAY, used: 7 });
      assert.equal(takeUpTo(heir, 10), 3);
      clock.at += MINUTE;
      heir.adopt({ day: TODAY, used: 10 });
      assert.equal(takeUpTo(heir, 100), 10);
    });
  });
});
