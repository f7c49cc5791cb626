import assert from 'node:assert/strict';
import { instant, region } from '../../../src/carbon/units.ts';
import type { World } from '../../../src/placement/facts.ts';
import { CapacityBook } from '../../../src/service/gatekeeper/capacity-book.ts';
import { HOUR } from '../../support/intents.ts';
import { NOW, policy, world } from '../../support/world.ts';

const WEST = region('eu-west-1');

/** A world later by so many minutes, in which one piece of work fits into the region. */
function worldAfter(minutes: number): World {
  const plain = policy({ regions: { [WEST]: {} } });
  const regions = [...plain.regions].map(([name, facts]) => [name, { ...facts, capacity: 1 }] as const);
  return world({ policy: { ...plain, regions: new Map(regions) }, now: instant(NOW + minutes * 60_000) });
}

function fullHours(book: CapacityBook, uid: string, at: World): string {
  return book.fullFor(uid, at).get(WEST)?.full.slice(0, 5).join('') ?? '';
}

describe('CapacityBook', () => {
  const until = instant(NOW + 4 * HOUR);
  const book = (): CapacityBook =>
    new CapacityBook({ occupants: () => [{ uid: 'x', region: WEST, until }], isHeld: () => true });

  it('counts what runs against others, and not against itself', () => {
    const [opened, now] = [book(), worldAfter(0)];

    assert.equal(fullHours(opened, 'x', now), '00000');
    opened.book('x', [{ region: WEST, start: now.now, end: until }], now);
    assert.equal(fullHours(opened, 'a', now), '11110');
  });

  it('gives back exactly what was counted, whatever was planned for it before', () => {
    const [opened, first, second] = [book(), worldAfter(0), worldAfter(10)];
    fullHours(opened, 'x', first);
    opened.book('x', [{ region: WEST, start: first.now, end: null }], first);

    assert.equal(fullHours(opened, 'x', second), '00000');
    opened.book('x', [], second);
    assert.equal(fullHours(opened, 'a', second), '11110');
  });
});
