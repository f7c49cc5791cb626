import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Refusal } from '../../../src/placement/reasons.ts';
import { REFUSALS } from '../../../src/placement/reasons.ts';
import { NameLists } from '../../../src/service/extender/name-lists.ts';
import { FakeCatalog } from '../../support/world.ts';

const REGIONS = ['eu-west-1', 'eu-central-1', 'us-east-1', null];
const REFUSAL: Refusal = 'residency-jurisdiction';

/** The text between the brackets, as kube-scheduler writes it. */
function text(names: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(names).slice(1, -1));
}

const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9.-]{1,40}$/),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('__proto__', '"', '\\', '\u0000', 'ü', '\ud800', ''),
);
/** Names that the catalogue knows, with their regions, and a request's list of these and of others. */
const scenario = fc
  .tuple(fc.uniqueArray(name, { maxLength: 60 }), fc.array(name, { maxLength: 10 }), fc.nat())
  .map(([known, strangers, seed]) => {
    const regions = new Map(known.map((each, index) => [each, REGIONS[(index + seed) % REGIONS.length] ?? null]));
    const asked = [...known.filter((_, index) => (index + seed) % 3 !== 0), ...strangers];
    return { regions, asked };
  });

describe('NameLists', () => {
  it('finds each name its place as a plain look-up would, whatever the names', () => {
    fc.assert(
      fc.property(scenario, ({ regions, asked }) => {
        const catalog = new FakeCatalog(regions);
        const list = new NameLists().find(text(asked), catalog);
        const want = asked.map((each) => regions.get(each));
        assert.equal(list.size, asked.length);
        assert.deepEqual(new Set(list.places), new Set(want));
        assert.deepEqual(
          list.places.map((place) => want.filter((each) => each === place).length),
          list.counts,
        );
      }),
    );
  });

  it('keeps what passes in order, and refuses each of the others once', () => {
    fc.assert(
      fc.property(scenario, fc.func(fc.boolean()), ({ regions, asked }, permits) => {
        const list = new NameLists().find(text(asked), new FakeCatalog(regions));
        const verdicts = list.places.map((place) => (permits(place) ? null : REFUSAL));

        const passes = (each: string): boolean => permits(regions.get(each));
        const refused = asked.filter((each) => !passes(each));
        const entries = refused.map((each) => `${JSON.stringify(each)}:${JSON.stringify(REFUSALS[REFUSAL])}`);
        // As text: JSON.parse of Node 26.10 may take one escaped key of an object for another.
        assert.equal(
          list.filterAnswer(verdicts).toString(),
          `{"Nodes":null,"NodeNames":[${text(asked.filter(passes)).toString()}],"FailedNodes":{},` +
            `"FailedAndUnresolvableNodes":{${entries.join()}},"Error":""}`,
        );
        assert.deepEqual(list.passing(verdicts).text, text(asked.filter(passes)));
      }),
    );
  });

  it('scores each name by its place, also in the list that passed', () => {
    fc.assert(
      fc.property(scenario, fc.func(fc.boolean()), ({ regions, asked }, permits) => {
        const whole = new NameLists().find(text(asked), new FakeCatalog(regions));
        const list = whole.passing(whole.places.map((place) => (permits(place) ? null : REFUSAL)));
        const scoreOf = (place: string | null | undefined): number =>
          place === undefined ? 3 : REGIONS.indexOf(place) + 7;

        const answer: unknown = JSON.parse(list.prioritizeAnswer(list.places.map(scoreOf)).toString());

        const want = asked.filter((each) => permits(regions.get(each)));
        assert.deepEqual(
          answer,
          wellFormed(want).map((host, at) => ({ Host: host, Score: scoreOf(regions.get(want[at] ?? '')) })),
        );
      }),
    );
  });

  it('gives the same list again for the same bytes, until a node changes region', () => {
    const catalog = new FakeCatalog({ a: 'eu-west-1', b: 'eu-west-1' });
    const lists = new NameLists();
    const first = lists.find(text(['a', 'b']), catalog);

    assert.equal(lists.find(text(['a', 'b']), catalog), first);
    assert.notEqual(lists.find(text(['b', 'a']), catalog), first);

    catalog.move('b', 'us-east-1');
    assert.deepEqual(lists.find(text(['a', 'b']), catalog).places, ['eu-west-1', 'us-east-1']);
  });

  it('does not keep a list for the next call that was made before a node changed region', () => {
    const catalog = new FakeCatalog({ a: 'eu-west-1', b: 'eu-west-1' });
    const lists = new NameLists();
    const stale = lists.find(text(['a', 'b']), catalog);
    catalog.move('a', 'us-east-1');
    lists.find(text(['a', 'b']), catalog);

    lists.expect(stale, catalog);

    assert.deepEqual(lists.find(text(['a', 'b']), catalog).places, ['us-east-1', 'eu-west-1']);
  });

  it('tells names apart that share a hash', () => {
    // A pair with equal FNV-1a hashes, quotes included, found by search.
    const [one, other] = collision();

    const list = new NameLists().find(
      text([one, other]),
      new FakeCatalog({ [one]: 'eu-west-1', [other]: 'us-east-1' }),
    );

    assert.deepEqual(list.places, ['eu-west-1', 'us-east-1']);
  });
});

/** JSON carries no lone surrogate as it is; both sides go through it once. */
function wellFormed(names: readonly string[]): string[] {
  return JSON.parse(JSON.stringify(names)) as string[];
}

function collision(): [string, string] {
  const seen = new Map<number, string>();
  for (let count = 0; ; count += 1) {
    const candidate = `node-${count.toString(36)}`;
    let hash = 0x811c9dc5 | 0;
    for (const byte of Buffer.from(`"${candidate}"`)) hash = Math.imul(hash ^ byte, 0x01000193);
    const twin = seen.get(hash);
    if (twin !== undefined) return [twin, candidate];
    seen.set(hash, candidate);
  }
}
