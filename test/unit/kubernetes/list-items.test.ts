import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListItems } from '../../../src/kubernetes/list-items.ts';

function takeApart(bytes: Buffer, size: number): { items: unknown[]; frame: unknown } {
  const items: unknown[] = [];
  const list = new ListItems((item) => items.push(JSON.parse(item)));
  for (let at = 0; at < bytes.length; at += size) list.write(bytes.subarray(at, at + size));
  return { items, frame: JSON.parse(list.frame()) };
}

describe('ListItems', () => {
  it('finds what JSON.parse finds, whatever the items hold and wherever the bytes are cut', () => {
    const nasty = fc.constantFrom('"', '\\', '\\"', '{', '}]', '[{', '€', 'items', '\n');
    const item = fc.dictionary(fc.oneof(fc.string(), nasty), fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 })));
    const list = fc.record({
      kind: fc.oneof(nasty, fc.constant('NodeList')),
      metadata: fc.record({ resourceVersion: fc.string(), managed: fc.array(item, { maxLength: 2 }) }),
      items: fc.array(item, { maxLength: 5 }),
    });

    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, 2), (value, size, indent) => {
        const bytes = Buffer.from(JSON.stringify(value, null, indent));

        const { items, frame } = takeApart(bytes, size);

        const parsed = JSON.parse(bytes.toString()) as typeof value;
        assert.deepEqual(items, parsed.items);
        assert.deepEqual(frame, { ...parsed, items: parsed.items.map(() => null) });
      }),
      { numRuns: 500 },
    );
  });

  it('hands an item over before the list has ended', () => {
    const items: string[] = [];
    const list = new ListItems((item) => items.push(item));

    list.write(Buffer.from('{"items":[{"a":1},{"b":'));

    assert.deepEqual(items, ['{"a":1}']);
  });

  for (const broken of ['{"items":[{"a":1}', '{"items":[{"a":1}]', '<html>{</html>', '', '{"items":[}']) {
    it(`leaves to JSON.parse the verdict on ${broken || 'nothing'}`, () => {
      assert.throws(() => takeApart(Buffer.from(broken), 4), SyntaxError);
    });
  }
});
