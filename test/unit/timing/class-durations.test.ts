import assert from 'node:assert/strict';
import { ClassDurations } from '../../../src/timing/class-durations.ts';
import { minutes } from '../../support/hold.ts';

describe('ClassDurations', () => {
  function after(...ran: number[]): ClassDurations {
    const durations = new ClassDurations();
    for (const each of ran) durations.add('batch', minutes(each));
    return durations;
  }

  it('knows nothing usual before five have finished', () => {
    assert.equal(after(1, 2, 3, 4).usual('batch'), null);
    assert.equal(after(1, 2, 3, 4, 5).usual('other'), null);
  });

  it('tells mean and quantiles of each class by itself', () => {
    assert.deepEqual(after(5, 1, 4, 2, 13).usual('batch'), {
      count: 5,
      mean: minutes(5),
      p50: minutes(4),
      p95: minutes(13),
    });
  });

  it('forgets what is long ago', () => {
    const durations = after(...Array.from({ length: 20 }, () => 600), ...Array.from({ length: 500 }, () => 1));

    assert.deepEqual(durations.usual('batch'), { count: 500, mean: minutes(1), p50: minutes(1), p95: minutes(1) });
  });
});
