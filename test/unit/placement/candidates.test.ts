import assert from 'node:assert/strict';
import { MutableNodeCatalog } from '../../../src/kubernetes/node-catalog.ts';
import { candidateRegions } from '../../../src/placement/candidates.ts';
import type { NodeFacts, NodeSelectorTerm, PodScheduling } from '../../../src/placement/types.ts';
import type { Policy } from '../../../src/policy/types.ts';
import { isIn, required, scheduling, term } from '../../support/hold.ts';
import { nodeFacts, policy } from '../../support/world.ts';

const REGION = 'topology.kubernetes.io/region';
const ZONE = 'topology.kubernetes.io/zone';

function node(name: string, at: string | null, part: Partial<NodeFacts> & { zone?: string } = {}): NodeFacts {
  const { zone, ...rest } = part;
  const facts = nodeFacts(name, at, rest);
  return zone === undefined ? facts : { ...facts, labels: { ...facts.labels, [ZONE]: zone } };
}

/** A policy of three regions, of which some can be provisioned. */
function provisioning(...names: string[]): Policy {
  const table = policy();
  const regions = [...table.regions].map(
    ([name, facts]) => [name, { ...facts, provisionable: names.includes(name) }] as const,
  );
  return { ...table, regions: new Map(regions) };
}

interface Asked {
  nodes?: readonly NodeFacts[];
  pod?: Partial<PodScheduling>;
  volumes?: readonly (readonly NodeSelectorTerm[])[];
  provisionable?: readonly string[];
}

function candidates({ nodes = [], pod = {}, volumes = [], provisionable = [] }: Asked): readonly string[] {
  const catalog = new MutableNodeCatalog();
  catalog.replace(nodes);
  return candidateRegions({
    scheduling: scheduling(pod),
    volumes,
    catalog,
    policy: provisioning(...provisionable),
    regionLabel: REGION,
  });
}

const NODES = [
  node('n1', 'us-east-1', { zone: 'us-east-1a' }),
  node('n2', 'eu-west-1', { zone: 'eu-west-1a' }),
  node('n3', 'eu-west-1', { zone: 'eu-west-1b' }),
];
const BOTH = ['eu-west-1', 'us-east-1'];
const EU = ['eu-west-1'];

describe('candidateRegions', () => {
  const spot = { taints: [{ key: 'spot', value: '', effect: 'NoSchedule' }] } as const;
  const cases: Record<string, { asked: Asked; want: readonly string[] }> = {
    'are the regions with nodes, each once and by name': { asked: { nodes: NODES }, want: BOTH },
    'are none without nodes': { asked: {}, want: [] },
    'count no node without a region': { asked: { nodes: [node('n', null)] }, want: [] },
    'count a region that the policy lacks': { asked: { nodes: [node('n', 'ap-south-1')] }, want: ['ap-south-1'] },
    'count no node that is not available': {
      asked: { nodes: [...NODES, node('n4', 'eu-central-1', { available: false })] },
      want: BOTH,
    },
    'count a region by any of its nodes': {
      asked: { nodes: [node('n0', 'eu-west-1', { available: false }), ...NODES] },
      want: BOTH,
    },
    'count no node that the nodeSelector refuses': {
      asked: { nodes: NODES, pod: { nodeSelector: { [ZONE]: 'eu-west-1b' } } },
      want: EU,
    },
    'count no node that required affinity refuses': {
      asked: { nodes: NODES, pod: { nodeAffinity: required(term(isIn(REGION, 'eu-west-1', 'eu-central-1'))) } },
      want: EU,
    },
    'count no node with a taint that is not tolerated': {
      asked: { nodes: [...NODES, node('n4', 'eu-central-1', spot)] },
      want: BOTH,
    },
    'count a node with a taint that is tolerated': {
      asked: {
        nodes: [node('n4', 'eu-central-1', spot)],
        pod: { tolerations: [{ key: 'spot', operator: 'Exists' }] },
      },
      want: ['eu-central-1'],
    },
    'count no node that a bound volume cannot reach': {
      asked: { nodes: NODES, volumes: [[term(isIn(ZONE, 'eu-west-1b'))]] },
      want: EU,
    },
    'count only nodes that every bound volume can reach': {
      asked: { nodes: NODES, volumes: [[term(isIn(ZONE, 'eu-west-1a'))], [term(isIn(ZONE, 'eu-west-1b'))]] },
      want: [],
    },
    'count a volume by any of its terms': {
      asked: { nodes: NODES, volumes: [[term(isIn(ZONE, 'us-east-1a')), term(isIn(ZONE, 'eu-west-1b'))]] },
      want: BOTH,
    },
    'are all with a node where more is asked than can be looked up in time': {
      asked: {
        nodes: [...NODES, node('n4', 'eu-central-1', { available: false })],
        pod: {
          nodeAffinity: required(term({ key: 'disk', operator: 'In', values: Array<string>(600_000).fill('x') })),
        },
      },
      want: BOTH,
    },
  };
  for (const [sentence, { asked, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(candidates(asked), want);
    });
  }
});

describe('candidateRegions that can be provisioned', () => {
  const two = ['eu-central-1', 'us-east-1'];
  const pinned = required(term(isIn(REGION, 'eu-central-1'), isIn('disk', 'ssd')));
  const cases: Record<string, { asked: Asked; want: readonly string[] }> = {
    'need no nodes': { asked: {}, want: two },
    'stand beside regions with nodes': { asked: { nodes: NODES }, want: ['eu-central-1', 'eu-west-1', 'us-east-1'] },
    'stand also where all nodes are taken away': {
      asked: { nodes: [node('n', 'us-east-1', { available: false })] },
      want: two,
    },
    'are those that required affinity permits, other labels assumed': {
      asked: { pod: { nodeAffinity: pinned } },
      want: ['eu-central-1'],
    },
    'are those that the nodeSelector permits, other labels assumed': {
      asked: { pod: { nodeSelector: { [REGION]: 'us-east-1', disk: 'ssd' } } },
      want: ['us-east-1'],
    },
    'are those that are not excluded': {
      asked: {
        pod: { nodeAffinity: required(term({ key: REGION, operator: 'NotIn', values: ['us-east-1'] })) },
      },
      want: ['eu-central-1'],
    },
    'are all for one who asks for any region': {
      asked: { pod: { nodeAffinity: required(term({ key: REGION, operator: 'Exists' })) } },
      want: two,
    },
    'are none for one who asks for no region': {
      asked: { pod: { nodeAffinity: required(term({ key: REGION, operator: 'DoesNotExist' })) } },
      want: [],
    },
    'are permitted by any of the terms': {
      asked: { pod: { nodeAffinity: required(term(isIn(REGION, 'eu-west-1')), term(isIn('disk', 'ssd'))) } },
      want: two,
    },
    'are none by an empty term': { asked: { pod: { nodeAffinity: required({}) } }, want: [] },
    'are none for one who asks for a node by name': {
      asked: {
        pod: { nodeAffinity: required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }) },
      },
      want: [],
    },
    'are all for one who excludes a node by name': {
      asked: {
        pod: { nodeAffinity: required({ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n1'] }] }) },
      },
      want: two,
    },
    'are those that a bound volume can reach': {
      asked: { volumes: [[term(isIn(REGION, 'eu-central-1'))]] },
      want: ['eu-central-1'],
    },
    'are those whose zone a bound volume is in': {
      asked: { volumes: [[term(isIn('topology.ebs.csi.aws.com/zone', 'us-east-1a'))]] },
      want: ['us-east-1'],
    },
    'are not those near a zone of another region of the policy': {
      asked: { volumes: [[term(isIn(ZONE, 'eu-west-1b'))]] },
      want: [],
    },
    'are all for a zone whose name tells no region': {
      asked: { volumes: [[term(isIn(ZONE, 'rack-7'))]] },
      want: two,
    },
  };
  for (const [sentence, { asked, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(candidates({ provisionable: two, ...asked }), want);
    });
  }
});
