import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_REGION_LABEL, nodeFacts } from '../../../src/kubernetes/node-facts.ts';
import { nodeObject } from './node-objects.ts';

const named = (rest: object): object => ({ metadata: { name: 'n' }, ...rest });
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

describe('nodeFacts', () => {
  it('reads name, region, pool, availability and labels', () => {
    const facts = nodeFacts(nodeObject('a', { region: 'eu-north-1', pool: 'fast' }), DEFAULT_REGION_LABEL);

    assert.deepEqual(facts, {
      name: 'a',
      region: 'eu-north-1',
      pool: 'fast',
      available: true,
      labels: {
        'kubernetes.io/hostname': 'a',
        'topology.kubernetes.io/region': 'eu-north-1',
        'lowtide.dev/pool': 'fast',
      },
      taints: [],
    });
  });

  it('reads the taints that keep pods away', () => {
    const taints = [
      { key: 'gpu', effect: 'NoSchedule' },
      { key: 'drain', value: 'now', effect: 'NoExecute' },
      { key: 'soft', effect: 'PreferNoSchedule' },
      { effect: 'NoSchedule' },
      'nonsense',
    ];

    assert.deepEqual(nodeFacts(named({ spec: { taints } }), DEFAULT_REGION_LABEL)?.taints, [
      { key: 'gpu', value: '', effect: 'NoSchedule' },
      { key: 'drain', value: 'now', effect: 'NoExecute' },
    ]);
  });

  it('reads the region from the label it is told', () => {
    const node = { metadata: { name: 'a', labels: { 'example.com/site': 'oslo', [DEFAULT_REGION_LABEL]: 'x' } } };

    assert.equal(nodeFacts(node, 'example.com/site')?.region, 'oslo');
  });

  const available: Record<string, { node: object; want: boolean }> = {
    'Ready is True': { node: named({ status: ready }), want: true },
    'Ready is False': { node: nodeObject('n', { ready: false }), want: false },
    'Ready is Unknown': {
      node: named({ status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
      want: false,
    },
    'there is no Ready condition': { node: named({ status: { conditions: [] } }), want: false },
    'there is no status': { node: named({}), want: false },
    'it is cordoned': { node: nodeObject('n', { cordoned: true }), want: false },
    'unschedulable is false': { node: named({ status: ready, spec: { unschedulable: false } }), want: true },
  };
  for (const [when, { node, want }] of Object.entries(available)) {
    it(`${want ? 'is' : 'is not'} available when ${when}`, () => {
      assert.equal(nodeFacts(node, DEFAULT_REGION_LABEL)?.available, want);
    });
  }

  for (const [what, label] of [
    ['an empty region', { [DEFAULT_REGION_LABEL]: '' }],
    ['a region that is a number', { [DEFAULT_REGION_LABEL]: 3 }],
    ['no region', {}],
  ] as const) {
    it(`takes ${what} for none`, () => {
      assert.equal(nodeFacts({ metadata: { name: 'n', labels: label } }, DEFAULT_REGION_LABEL)?.region, null);
    });
  }

  it('takes an unknown pool for none', () => {
    assert.equal(nodeFacts(nodeObject('a', { pool: 'gpu' }), DEFAULT_REGION_LABEL)?.pool, null);
  });

  it('is null without a name', () => {
    for (const node of [
      null,
      'x',
      7,
      [],
      {},
      { metadata: null },
      { metadata: { name: '' } },
      { metadata: { name: 1 } },
    ]) {
      assert.equal(nodeFacts(node, DEFAULT_REGION_LABEL), null);
    }
  });

  it('never throws, whatever the types', () => {
    const junk = fc.anything({ maxDepth: 3 });
    const nodeLike = fc.record({
      metadata: fc.record({ name: fc.constant('n'), labels: junk }),
      spec: junk,
      status: fc.oneof(junk, fc.record({ conditions: fc.oneof(junk, fc.array(junk)) })),
    });

    fc.assert(fc.property(nodeLike, (node) => nodeFacts(node, DEFAULT_REGION_LABEL)?.name === 'n'));
    fc.assert(
      fc.property(junk, (node) => {
        nodeFacts(node, DEFAULT_REGION_LABEL);
      }),
    );
  });
});
