import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { dotted, entries, own, ownAt, rows, shown } from '../../../src/policy/raw.ts';

describe('reading a raw document', () => {
  it('never reaches what objects inherit', () => {
    assert.equal(own({}, 'constructor'), undefined);
    assert.equal(ownAt({ a: {} }, ['a', '__proto__', 'toString']), undefined);
    assert.equal(own('text', 'length'), undefined);
  });

  it('finds a key that is only named as if it were inherited', () => {
    const document = load('__proto__: { zone: DE }');

    assert.equal(ownAt(document, ['__proto__', 'zone']), 'DE');
    assert.equal(own(document, 'zone'), undefined);
    assert.deepEqual(
      rows(document).map(([name]) => name),
      ['__proto__'],
    );
  });

  it('has no rows and no entries where there is no table and no list', () => {
    assert.deepEqual([rows([1]), rows(null), rows('a'), entries({ 0: 1 }), entries('a')], [[], [], [], [], []]);
  });

  it('shows any value on one short line', () => {
    const values = [null, [], [1], {}, 5, NaN, true, 'a\nb', 'x'.repeat(99), Symbol('s')];

    assert.deepEqual(values.map(shown), [
      'an empty value',
      'an empty list',
      'a list',
      'a table',
      '5',
      'NaN',
      'true',
      '"a\\nb"',
      `"${'x'.repeat(60)}…"`,
      'a symbol',
    ]);
  });

  it('writes a path with dots, indices too', () => {
    assert.equal(dotted(['carbonIntensity', 'bands', 0, 'below']), 'carbonIntensity.bands.0.below');
  });
});
