import assert from 'node:assert/strict';
import { NodeNamer, nodesOf, regionOfNode } from '../../../hack/cluster/node-objects.ts';

const group = { region: 'eu-west-1', count: 4, zone: null, pool: null };
const ZONE = 'topology.kubernetes.io/zone';

describe('nodesOf', () => {
  it('spreads a region over three zones in turn', () => {
    const zones = nodesOf(group, new NodeNamer()).map(({ metadata }) => metadata.labels[ZONE]);

    assert.deepEqual(zones, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c', 'eu-west-1a']);
  });

  it('puts all nodes of a group into the zone that it names', () => {
    const zones = nodesOf({ ...group, count: 2, zone: 'b' }, new NodeNamer()).map((node) => node.metadata.labels[ZONE]);

    assert.deepEqual(zones, ['eu-west-1b', 'eu-west-1b']);
  });

  it('labels a node with what Lowtide and the scheduler read', () => {
    const [node] = nodesOf({ ...group, count: 1, pool: 'eco' }, new NodeNamer());

    assert.deepEqual(node?.metadata.labels, {
      type: 'kwok',
      'kubernetes.io/hostname': 'eu-west-1-0',
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'topology.kubernetes.io/region': 'eu-west-1',
      'topology.kubernetes.io/zone': 'eu-west-1a',
      'lowtide.dev/pool': 'eco',
    });
  });

  it('leaves region and zone off a node without a region', () => {
    const [node] = nodesOf({ ...group, region: null, count: 1 }, new NodeNamer());

    const topology = Object.keys(node?.metadata.labels ?? {}).filter((key) => key.startsWith('topology.'));
    assert.deepEqual(topology, []);
  });
});

describe('NodeNamer', () => {
  it('goes on counting from group to group', () => {
    const namer = new NodeNamer();
    nodesOf({ ...group, count: 2 }, namer);

    const [node] = nodesOf({ ...group, count: 1, zone: 'b' }, namer);

    assert.equal(node?.metadata.name, 'eu-west-1-2');
  });

  const cases = {
    'lowers capitals, which DNS names lack': { region: 'EU_West', want: 'eu-west-0' },
    'names regionless nodes too': { region: null, want: 'no-region-0' },
  };
  for (const [name, { region, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(new NodeNamer().next(region).name, want);
    });
  }

  it('puts the prefix of a run before every name', () => {
    assert.equal(new NodeNamer('e2e-ab12-').next('r').name, 'e2e-ab12-r-0');
  });
});

describe('regionOfNode', () => {
  it('reads the region out of names that NodeNamer gave', () => {
    const names = ['', 'e2e-ab12-'].map((prefix) => new NodeNamer(prefix).next('eu-west-1').name);

    assert.deepEqual(names.map(regionOfNode), ['eu-west-1', 'eu-west-1']);
  });
});
