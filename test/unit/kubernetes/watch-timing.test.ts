import assert from 'node:assert/strict';
import { backoff, CLUSTER_TIMING, watchDuration } from '../../../src/kubernetes/watch-timing.ts';

describe('backoff', () => {
  const table: Record<string, { failures: number; random: number; want: number }> = {
    'a watch that ended in good order': { failures: 0, random: 1, want: 1000 },
    'the first failure, at most': { failures: 1, random: 1, want: 1000 },
    'the first failure, at least': { failures: 1, random: 0, want: 500 },
    'the second failure': { failures: 2, random: 1, want: 2000 },
    'the fifth failure': { failures: 5, random: 1, want: 16_000 },
    'the sixth failure': { failures: 6, random: 1, want: 30_000 },
    'failures for a year': { failures: 1_000_000, random: 0, want: 15_000 },
  };
  for (const [after, { failures, random, want }] of Object.entries(table)) {
    it(`waits ${want} ms after ${after}`, () => {
      assert.equal(
        backoff(failures, () => random),
        want,
      );
    });
  }
});

describe('watchDuration', () => {
  it('lies between once and twice the shortest', () => {
    assert.equal(watchDuration({ ...CLUSTER_TIMING, random: () => 0 }), 60);
    assert.equal(watchDuration({ ...CLUSTER_TIMING, random: () => 1 }), 120);
  });
});

describe('CLUSTER_TIMING', () => {
  it('ends a delay when told to', async () => {
    await assert.rejects(CLUSTER_TIMING.delay(1e6, AbortSignal.abort()), { name: 'AbortError' });
  });
});
