import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../../src/carbon/units.ts';
import { Agenda } from '../../../src/service/gatekeeper/agenda.ts';
import { Heap } from '../../../src/service/gatekeeper/heap.ts';

describe('Heap', () => {
  it('gives everything back in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const each of numbers) heap.push(each);

        const out = numbers.map(() => heap.pop());

        assert.deepEqual(
          out,
          numbers.toSorted((a, b) => a - b),
        );
        assert.equal(heap.pop(), undefined);
      }),
    );
  });
});

describe('Agenda', () => {
  it('keeps the next moment at hand through any number of delays', () => {
    const agenda = new Agenda();
    agenda.set('b', instant(5e6));
    for (let at = 1e6; at > 0; at -= 1_000) agenda.set('a', instant(at));
    for (let at = 1; at < 1e6; at += 1_000) agenda.set('a', instant(at));

    assert.deepEqual([agenda.next(), agenda.due(instant(1e7))], [999_001, ['a', 'b']]);
  });

  it('agrees with a plain table, whatever is noted, replaced and struck out', () => {
    const step = fc.record({
      uid: fc.constantFrom('a', 'b', 'c', 'd'),
      at: fc.option(fc.integer({ min: 0, max: 20 })),
      now: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const agenda = new Agenda();
        const table = new Map<string, number>();
        for (const { uid, at, now } of steps) {
          if (at === null) agenda.delete(uid);
          else agenda.set(uid, instant(at));
          if (at === null) table.delete(uid);
          else table.set(uid, at);

          assert.equal(agenda.next(), table.size === 0 ? null : Math.min(...table.values()));
          const due = [...table].filter(([, moment]) => moment <= now).map(([each]) => each);
          assert.deepEqual([...agenda.due(instant(now))].sort(), due.sort());
          for (const each of due) table.delete(each);
        }
      }),
    );
  });
});
