import assert from 'node:assert/strict';
import fc from 'fast-check';
import { region } from '../../../src/carbon/units.ts';
import type { Region } from '../../../src/carbon/units.ts';
import { MutableNodeCatalog } from '../../../src/kubernetes/node-catalog.ts';
import type { NodeFacts, RegionCapacity } from '../../../src/placement/types.ts';

const fact = (name: string, rest: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  region: region('eu-west-1'),
  pool: null,
  available: true,
  labels: {},
  taints: [],
  ...rest,
});

const REGIONS: readonly (Region | null)[] = [region('eu-west-1'), region('eu-north-1'), region('us-east-1'), null];

function recount(nodes: Iterable<NodeFacts>, wanted: Region | null): RegionCapacity {
  const here = [...nodes].filter((node) => node.region === wanted);
  return { nodes: here.length, available: here.filter((node) => node.available).length };
}

describe('MutableNodeCatalog', () => {
  it('tells a node without region from a node it does not know', () => {
    const catalog = new MutableNodeCatalog();
    catalog.put(fact('a', { region: null }));

    assert.equal(catalog.regionOf('a'), null);
    assert.equal(catalog.regionOf('b'), undefined);
    assert.deepEqual(catalog.capacityOf(null), { nodes: 1, available: 1 });
    assert.deepEqual(catalog.capacityOf(region('nowhere')), { nodes: 0, available: 0 });
  });

  const generations: Record<string, { act: (catalog: MutableNodeCatalog) => void; rises: boolean }> = {
    'a node appears': {
      act: (catalog) => {
        catalog.put(fact('new'));
      },
      rises: true,
    },
    'a node goes': {
      act: (catalog) => {
        catalog.remove('a');
      },
      rises: true,
    },
    'a node changes region': {
      act: (catalog) => {
        catalog.put(fact('a', { region: region('eu-north-1') }));
      },
      rises: true,
    },
    'a node loses its region': {
      act: (catalog) => {
        catalog.put(fact('a', { region: null }));
      },
      rises: true,
    },
    'a relist finds a node gone': {
      act: (catalog) => {
        catalog.replace([fact('a')]);
      },
      rises: true,
    },
    'a heartbeat repeats a node': {
      act: (catalog) => {
        catalog.put(fact('a'));
      },
      rises: false,
    },
    'a node is no longer available': {
      act: (catalog) => {
        catalog.put(fact('a', { available: false }));
      },
      rises: false,
    },
    'a node changes pool': {
      act: (catalog) => {
        catalog.put(fact('a', { pool: 'eco' }));
      },
      rises: false,
    },
    'an unknown node goes': {
      act: (catalog) => {
        catalog.remove('unknown');
      },
      rises: false,
    },
    'a relist finds nothing new': {
      act: (catalog) => {
        catalog.replace([fact('b'), fact('a')]);
      },
      rises: false,
    },
  };
  for (const [when, { act, rises }] of Object.entries(generations)) {
    it(`${rises ? 'raises' : 'keeps'} its generation when ${when}`, () => {
      const catalog = new MutableNodeCatalog();
      catalog.replace([fact('a'), fact('b')]);
      const before = catalog.generation;

      act(catalog);

      assert.equal(catalog.generation > before, rises);
    });
  }

  it('returns capacities that stay true of their moment', () => {
    const catalog = new MutableNodeCatalog();
    catalog.put(fact('a'));
    const before = catalog.capacityOf(region('eu-west-1'));

    catalog.put(fact('a', { available: false }));

    assert.deepEqual(before, { nodes: 1, available: 1 });
    assert.deepEqual(catalog.capacityOf(region('eu-west-1')), { nodes: 1, available: 0 });
  });

  it('counts, after any sequence of events, what a recount finds', () => {
    const facts = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
      region: fc.constantFrom(...REGIONS),
      pool: fc.constantFrom('fast' as const, 'eco' as const, null),
      available: fc.boolean(),
      labels: fc.constant({}),
      taints: fc.constant([]),
    });
    const event = fc.oneof(
      fc.record({ put: facts }),
      fc.record({ remove: facts }),
      fc.record({ replace: fc.array(facts, { maxLength: 6 }) }),
    );

    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const catalog = new MutableNodeCatalog();
        let model = new Map<string, NodeFacts>();
        for (const one of events) {
          const [known, generation] = [
            new Map([...model].map(([name, node]) => [name, node.region])),
            catalog.generation,
          ];
          if ('put' in one) {
            catalog.put(one.put);
            model.set(one.put.name, one.put);
          } else if ('remove' in one) {
            catalog.remove(one.remove.name);
            model.delete(one.remove.name);
          } else {
            catalog.replace(one.replace);
            model = new Map(one.replace.map((node) => [node.name, node]));
          }
          for (const where of REGIONS) assert.deepEqual(catalog.capacityOf(where), recount(model.values(), where));
          assert.equal(catalog.size, model.size);
          const now = new Map([...model].map(([name, node]) => [name, node.region]));
          const moved = now.size !== known.size || [...now].some(([name, where]) => known.get(name) !== where);
          if (moved) assert.ok(catalog.generation > generation);
          // A list that names a node twice may raise it for nothing; single events must not.
          else if (!('replace' in one)) assert.equal(catalog.generation, generation);
        }
      }),
    );
  });
});
