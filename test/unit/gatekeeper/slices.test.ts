import assert from 'node:assert/strict';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { Timing } from '../../../src/service/gatekeeper/ports.ts';
import { Slices } from '../../../src/service/gatekeeper/slices.ts';

describe('Slices', () => {
  let [now, turns]: [number, (() => void)[]] = [0, []];
  const timing: Timing = {
    now: () => instant(now),
    after: (wait, run) => {
      assert.equal(wait, millis(0));
      turns.push(run);
      return () => {
        turns = turns.filter((each) => each !== run);
      };
    },
  };
  let seen: string[];
  const course = (cost: number) => ({
    each: (thing: number) => {
      now += cost;
      seen.push(String(thing));
    },
    done: () => {
      seen.push('done');
    },
  });

  beforeEach(() => {
    [now, turns, seen] = [0, [], []];
  });

  it('does all in one turn where that is short', () => {
    new Slices(timing).run([1, 2, 3], course(1));

    assert.deepEqual(seen, ['1', '2', '3', 'done']);
  });

  it('lets others have their turn where it is long, and goes on after them', () => {
    new Slices(timing).run([1, 2, 3], course(20));
    assert.deepEqual(seen, ['1', '2']);

    turns.shift()?.();

    assert.deepEqual(seen, ['1', '2', '3', 'done']);
  });

  it('ends where it is told to', () => {
    const slices = new Slices(timing);
    slices.run([1, 2, 3], course(30));

    slices.clear();

    assert.deepEqual([seen, turns.length], [['1'], 0]);
  });
});
