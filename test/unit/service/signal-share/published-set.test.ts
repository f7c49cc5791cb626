import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { PublishedSet } from '../../../../src/service/signal-share/published-set.ts';
import type { Published } from '../../../../src/service/signal-share/published-set.ts';
import { AT_ONCE_GZIP, ConfigMapShelf } from '../../../support/config-map-shelf.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';

const { signal } = new AbortController();

describe('PublishedSet', () => {
  let time: VirtualTime;
  let shelf: ConfigMapShelf;

  beforeEach(() => {
    time = new VirtualTime();
    shelf = new ConfigMapShelf(time);
  });

  function set({ maxBytes = 100, name = 'set', store = shelf.store() } = {}): PublishedSet {
    return new PublishedSet({ store, name, writer: 'me', now: time.now, compression: AT_ONCE_GZIP, maxBytes });
  }
  const names = (): readonly string[] => [...shelf.maps.keys()].toSorted();

  async function written(payload: string | null, before: Published | null = null, notes = {}): Promise<Published> {
    const published = await set().write({ payload, notes }, before, signal);
    assert.ok(published);
    return published;
  }

  it('gives back whatever text was put in, in one ConfigMap or in many', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 500 }),
        fc.integer({ min: 1, max: 300 }),
        async (text, maxBytes) => {
          shelf = new ConfigMapShelf(time);
          const one = set({ maxBytes });
          await one.write({ payload: text, notes: { note: 'note' } }, null, signal);
          const { payload, notes, problem } = (await one.read(signal)) ?? {};
          assert.deepEqual({ payload, notes, problem }, { payload: text, notes: { note: 'note' }, problem: null });
          for (const map of shelf.maps.values()) assert.ok((map.binary['payload.gz']?.length ?? 0) <= maxBytes);
        },
      ),
    );
  });

  it('writes notes alone without touching the payload', async () => {
    const before = await written(noise(1_000));
    const parts = names();
    shelf.calls.length = 0;
    await written(null, before, { note: 'new' });

    assert.deepEqual(names(), parts);
    assert.deepEqual(shelf.calls, ['update set']);
    const opened = await set().read(signal);
    assert.deepEqual([opened?.payload, opened?.notes], [noise(1_000), { note: 'new' }]);
  });

  it('moves between one ConfigMap and parts, leaving nothing behind', async () => {
    const large = await written(noise(1_000));
    assert.ok(names().length > 3);
    const little = await written('little', large);
    assert.deepEqual(names(), ['set']);
    await written(noise(1_000), little);

    assert.equal(shelf.maps.get('set')?.binary['payload.gz'], undefined);
    assert.equal((await set().read(signal))?.payload, noise(1_000));
  });

  it('lets nobody overwrite what he has not read, and leaves what stands there whole', async () => {
    const first = await written(noise(1_000));
    await written(noise(1_001), first);

    assert.equal(await set().write({ payload: noise(999), notes: {} }, first, signal), null);
    assert.equal(await set().write({ payload: noise(998), notes: {} }, null, signal), null);
    assert.equal((await set().read(signal))?.payload, noise(1_001));
  });

  it('keeps the old text whole where the writer dies at any moment, and a successor sweeps up', async () => {
    const first = await written(noise(1_000));
    for (let calls = 0; calls < 12; calls += 1) {
      let left = calls;
      const dying = shelf.store(() => ((left -= 1) < 0 ? { lost: 'request' } : {}));
      const before = await set().read(signal);
      const text = noise(1_000 + calls);
      await set({ store: dying })
        .write({ payload: text, notes: {} }, before, signal)
        .catch(() => null);
      const opened = await set().read(signal);
      assert.equal(opened?.problem, null);
      assert.ok([before?.payload, text].includes(opened.payload ?? ''));
      await time.pass(1_000);
    }

    const last = await written(noise(2_000), await set().read(signal));
    await set().sweep(last, signal);
    assert.deepEqual(names(), ['set', ...(last.manifest?.parts ?? [])].toSorted());
    assert.notEqual(first.manifest?.generation, last.manifest?.generation);
  });

  it('sweeps neither what is newer, nor the parts of another set', async () => {
    const other = await set({ name: 'set-history' }).write({ payload: noise(1_000), notes: {} }, null, signal);
    const mine = await written(noise(1_000));
    const newer = `set-${Date.parse('2030-01-01')}-00000000-0`;
    shelf.put({ name: newer, labels: { 'lowtide.dev/signal': 'set' }, data: {}, binary: {} });
    await set().sweep(mine, signal);

    const kept = ['set', 'set-history', newer, ...(mine.manifest?.parts ?? []), ...(other?.manifest?.parts ?? [])];
    assert.deepEqual(names(), kept.toSorted());
  });

  const broken: Readonly<Record<string, readonly [(one: Published) => void, RegExp]>> = {
    'a part is gone': [
      (one) => {
        shelf.remove(one.manifest?.parts[1] ?? '');
      },
      /^parts of generation \d+ lack$/,
    ],
    'a part holds other bytes': [
      (one) => {
        const part = shelf.maps.get(one.manifest?.parts[1] ?? '');
        if (part !== undefined) shelf.put({ ...part, binary: { 'payload.gz': Buffer.from('other') } });
      },
      /^payload: not what was written$/,
    ],
    'the manifest is of somebody else': [
      (one) => {
        shelf.put({ ...one.head, data: { 'manifest.json': '[]' } });
      },
      /^manifest\.json: /,
    ],
    'there is no manifest': [
      (one) => {
        shelf.put({ ...one.head, data: {} });
      },
      /^manifest\.json: /,
    ],
  };
  for (const [what, [spoil, problem]] of Object.entries(broken)) {
    it(`says why where ${what}, and can be written anew`, async () => {
      spoil(await written(noise(1_000)));
      const opened = await set().read(signal);
      assert.match(opened?.problem ?? '', problem);
      assert.equal(opened?.payload, null);
      await assert.rejects(set().write({ payload: null, notes: {} }, opened, signal), RangeError);
      await written('new', opened);
      assert.equal((await set().read(signal))?.payload, 'new');
    });
  }

  it('takes bytes that were never packed for a problem', async () => {
    const { head, manifest } = await written('x');
    const bytes = Buffer.from('not packed');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const data = { 'manifest.json': JSON.stringify({ ...manifest, sha256 }) };
    shelf.put({ ...head, data, binary: { 'payload.gz': bytes } });

    assert.equal((await set().read(signal))?.problem, 'payload: cannot be unpacked');
  });
});

/** A text that packs badly, the same for the same length. */
function noise(length: number): string {
  let state = length;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}
