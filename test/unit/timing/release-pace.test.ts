import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { nextSlot } from '../../../src/timing/release-pace.ts';
import type { PaceQuestion } from '../../../src/timing/release-pace.ts';
import { at } from '../../support/hold.ts';

const NOW = at('2026-03-02T12:00:00Z');
const LATER = at('2026-03-03T00:00:00Z');

function slot(part: Partial<PaceQuestion> = {}): Instant {
  return nextSlot({ now: NOW, last: NOW, until: LATER, perMinute: 60, jitter: 0, ...part });
}

describe('nextSlot', () => {
  const cases: Record<string, { part?: Partial<PaceQuestion>; want: string }> = {
    'is now without a limit': { part: { perMinute: null }, want: '2026-03-02T12:00:00.000Z' },
    'is now for the first release': { part: { last: null }, want: '2026-03-02T12:00:00.000Z' },
    "is a minute's share after the latest release": { want: '2026-03-02T12:00:01.000Z' },
    'is up to a fifth of that later by chance': { part: { jitter: 1 }, want: '2026-03-02T12:00:01.200Z' },
    'counts from planned releases too': {
      part: { last: at('2026-03-02T12:00:10Z') },
      want: '2026-03-02T12:00:11.000Z',
    },
    'is now where the latest release is long ago': {
      part: { last: at('2026-03-02T11:59:59Z') },
      want: '2026-03-02T12:00:00.000Z',
    },
    'waits a millisecond where the share is over in one': {
      part: { last: at('2026-03-02T11:59:59.001Z') },
      want: '2026-03-02T12:00:00.001Z',
    },
    "is the work's end where the pace would pass it": {
      part: { last: at('2026-03-02T12:10:00Z'), until: at('2026-03-02T12:00:05Z') },
      want: '2026-03-02T12:00:05.000Z',
    },
    "is now where the work's end is over": {
      part: { last: at('2026-03-02T12:10:00Z'), until: at('2026-03-02T11:00:00Z') },
      want: '2026-03-02T12:00:00.000Z',
    },
  };
  for (const [sentence, { part, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(slot(part), at(want));
    });
  }

  it('lets at most the limit go in any minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.array(fc.float({ min: 0, max: 1, noNaN: true })),
        (most, draws) => {
          const slots: Instant[] = [];
          for (const jitter of draws) slots.push(slot({ last: slots.at(-1) ?? null, perMinute: most, jitter }));

          for (const [index, start] of slots.entries()) {
            const next = slots[index + most];
            assert.ok(next === undefined || next - start >= 60_000 - 1e-3);
          }
        },
      ),
    );
  });

  it('is never before now and never past the end that is ahead', () => {
    const away = fc.integer({ min: -1e6, max: 1e6 }).map((ms) => instant(NOW + ms));
    fc.assert(
      fc.property(fc.option(away), away, fc.option(fc.integer({ min: 1, max: 600 })), (last, until, perMinute) => {
        const found = slot({ last, until, perMinute, jitter: 0.5 });
        assert.ok(found >= NOW && found <= Math.max(NOW, until));
      }),
    );
  });
});
