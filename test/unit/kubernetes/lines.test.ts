import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { lines } from '../../../src/kubernetes/lines.ts';

const read = (chunks: Buffer[]): Promise<unknown[]> => Readable.from(lines(Readable.from(chunks))).toArray();

describe('lines', () => {
  it('does not depend on where the bytes were cut', async () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 6 });
    const bytes = Buffer.from('{"a":1}\n\n{"b":"zürich €"}\nrest');

    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const edges = [0, ...places.sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));

        assert.deepEqual(await read(chunks), ['{"a":1}', '{"b":"zürich €"}']);
      }),
    );
  });

  it('gives up a line that never ends', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');

    await assert.rejects(read(Array.from({ length: 17 }, () => mebibyte)), { code: 'invalid-answer' });
  });
});
