import assert from 'node:assert/strict';
import { SharedValues } from '../../../src/kubernetes/shared-values.ts';

describe('SharedValues', () => {
  it('gives one object for equal values, and the value itself where it is new', () => {
    const shared = new SharedValues<{ a: number }>();
    const first = { a: 1 };

    assert.equal(shared.of(first), first);
    assert.equal(shared.of({ a: 1 }), first);
    assert.deepEqual(shared.of({ a: 2 }), { a: 2 });
  });

  it('forgets, rather than grow without end', () => {
    const shared = new SharedValues<{ a: number }>();
    const first = shared.of({ a: 0 });

    for (let a = 1; a <= 2_000; a += 1) shared.of({ a });

    assert.notEqual(shared.of({ a: 0 }), first);
  });
});
