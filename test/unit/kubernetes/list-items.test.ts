import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListItems } from '../../../src/kubernetes/list-items.ts';

function takeApart(bytes: Buffer, size: number): { items: string[]; frame: string } {
  const items: string[] = [];
  const list = new ListItems((item) => items.push(item));
  for (let at = 0; at < bytes.length; at += size) list.write(bytes.subarray(at, at + size));
  return { items, frame: list.frame() };
}

describe('ListItems', () => {
  // Texts are compared, not values: Node 26 misreads some keys with escapes, see nodejs/node#63785.
  it('cuts out the items, whatever they hold and wherever the bytes are cut', () => {
    const nasty = fc.constantFrom('"', '\\', '\\"', '{', '}]', '[{', '€', 'items', '\n');
    const item = fc.dictionary(fc.oneof(fc.string(), nasty), fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 })));
    const list = fc.record({
      kind: fc.oneof(nasty, fc.constant('NodeList')),
      metadata: fc.record({ resourceVersion: fc.string(), managed: fc.array(item, { maxLength: 2 }) }),
      items: fc.array(item, { maxLength: 5 }),
    });

    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 50 }), (value, size) => {
        const { items, frame } = takeApart(Buffer.from(JSON.stringify(value)), size);

        assert.deepEqual(
          items,
          value.items.map((one) => JSON.stringify(one)),
        );
        assert.equal(frame, JSON.stringify({ ...value, items: value.items.map(() => null) }));
      }),
      { numRuns: 500 },
    );
  });

  it('does not mind white space', () => {
    const list = { metadata: { resourceVersion: '1' }, items: [{ a: [1, { b: '}' }] }, {}], kind: 'List' };

    const { items, frame } = takeApart(Buffer.from(JSON.stringify(list, null, 2)), 3);

    assert.deepEqual(
      items.map((item) => JSON.parse(item) as unknown),
      list.items,
    );
    assert.deepEqual(JSON.parse(frame), { ...list, items: [null, null] });
  });

  it('hands an item over before the list has ended', () => {
    const items: string[] = [];
    const list = new ListItems((item) => items.push(item));

    list.write(Buffer.from('{"items":[{"a":1},{"b":'));

    assert.deepEqual(items, ['{"a":1}']);
  });

  for (const broken of ['{"items":[{"a":1}', '{"items":[{"a":1}]', '<html>{</html>', '', '{"items":[}']) {
    it(`leaves to JSON.parse the verdict on ${broken || 'nothing'}`, () => {
      const { items, frame } = takeApart(Buffer.from(broken), 4);

      assert.throws(() => [frame, ...items].map((json) => JSON.parse(json) as unknown), SyntaxError);
    });
  }
});
