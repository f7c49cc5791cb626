import fc from 'fast-check';
import { instant, millis, region } from '../../src/carbon/units.ts';
import { outlookOf, regularOutlook } from '../../src/timing/plan/outlook.ts';
import type { Outlook } from '../../src/timing/plan/outlook.ts';
import type { FullSlots, Situation } from '../../src/timing/plan/types.ts';
import { hours, minutes } from './hold.ts';
import { MIDNIGHT, planRegion, situation } from './plan.ts';

/** Steps that suffice for twelve hours of waiting and ten of running from the sixth hour on. */
const STEPS = 30;

const value = fc.oneof(
  fc.integer({ min: 0, max: 6 }).map((each) => each * 100),
  fc.double({ min: 0, max: 600, noNaN: true }),
);
const values = fc.array(value, { minLength: STEPS, maxLength: STEPS }).map((each) => Float64Array.from(each));

const regular = values.map((each) => regularOutlook(MIDNIGHT, hours(1), each));
const uneven = fc
  .tuple(values, fc.array(fc.integer({ min: 30, max: 150 }), { minLength: STEPS, maxLength: STEPS }))
  .map(([each, lengths]) => {
    const edges = new Float64Array(STEPS + 1).fill(MIDNIGHT);
    lengths.forEach((length, index) => (edges[index + 1] = (edges[index] ?? 0) + minutes(length)));
    return outlookOf(edges, each);
  });

/** Full in about every fifth slot: slots as long as the steps, or not. */
export const someFull: fc.Arbitrary<FullSlots> = fc.record({
  start: fc.constantFrom(0, 0, 20).map((late) => instant(MIDNIGHT + minutes(late))),
  slot: fc.constantFrom(hours(1), hours(1), minutes(30)),
  full: fc
    .array(fc.constantFrom(0, 0, 0, 0, 1), { minLength: 20, maxLength: STEPS })
    .map((each) => Uint8Array.from(each)),
});

interface Kinds {
  readonly outlook?: fc.Arbitrary<Outlook>;
  readonly full?: fc.Arbitrary<FullSlots | null>;
}

/** Work alone, to the minute, in one to four regions, with up to twelve hours to wait: no minimum gain, no price, no data. */
export function situations({
  outlook = fc.oneof(regular, uneven),
  full = fc.constant(null),
}: Kinds = {}): fc.Arbitrary<Situation> {
  const place = fc.record({ outlook, full });
  return fc
    .record({
      now: fc.integer({ min: 0, max: 360 }),
      waitLeft: fc.integer({ min: 1, max: 720 }),
      length: fc.integer({ min: 1, max: 600 }),
      places: fc.array(place, { minLength: 1, maxLength: 4 }),
    })
    .map(({ now, waitLeft, length, places }) =>
      situation({
        now: instant(MIDNIGHT + minutes(now)),
        waitLeft: minutes(waitLeft),
        remaining: { state: 'known', value: minutes(length) },
        regions: places.map((each, index) => planRegion(`r-${index}`, each)),
      }),
    );
}

export const regularSituations = situations({ outlook: regular });

/** The same at another moment, with what is left to wait then. */
export function later(asked: Situation, now: number): Situation {
  return { ...asked, now: instant(now), waitLeft: millis(asked.waitLeft - (now - asked.now)) };
}

/** Name of the first region, as these situations have it. */
export const FIRST = region('r-0');
