import assert from 'node:assert/strict';
import { parseNodeSpec } from '../../../hack/cluster/node-spec.ts';

describe('parseNodeSpec', () => {
  const plain = { zone: null, pool: null };
  const cases = {
    'reads one region': { spec: 'eu-west-1=20', want: [{ region: 'eu-west-1', count: 20, ...plain }] },
    'reads several, with spaces around them': {
      spec: 'eu-west-1=1, us-east-1=2',
      want: [
        { region: 'eu-west-1', count: 1, ...plain },
        { region: 'us-east-1', count: 2, ...plain },
      ],
    },
    'takes - for nodes without a region': { spec: '-=3', want: [{ region: null, count: 3, ...plain }] },
    'reads a zone': { spec: 'eu-west-1=2:b', want: [{ region: 'eu-west-1', count: 2, zone: 'b', pool: null }] },
    'reads a pool': { spec: 'eu-west-1=2/eco', want: [{ region: 'eu-west-1', count: 2, zone: null, pool: 'eco' }] },
    'reads zone and pool': { spec: 'r=2:c/fast', want: [{ region: 'r', count: 2, zone: 'c', pool: 'fast' }] },
    'reads a pool of regionless nodes': {
      spec: '-=1/eco',
      want: [{ region: null, count: 1, zone: null, pool: 'eco' }],
    },
    'allows a region twice': {
      spec: 'r=1:a,r=2:b',
      want: [
        { region: 'r', count: 1, zone: 'a', pool: null },
        { region: 'r', count: 2, zone: 'b', pool: null },
      ],
    },
  };
  for (const [name, { spec, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.deepEqual(parseNodeSpec(spec), want);
    });
  }

  const refused = {
    'an empty spec': '',
    'a region without a count': 'eu-west-1',
    'no nodes': 'eu-west-1=0',
    'a negative count': 'eu-west-1=-1',
    'a fraction': 'eu-west-1=1.5',
    'a count without a region': '=3',
    'a zone of two letters': 'eu-west-1=3:ab',
    'a zone of regionless nodes': '-=3:a',
    'an empty pool': 'eu-west-1=3/',
    'a region that is no label value': 'eu west=3',
    'a trailing comma': 'eu-west-1=3,',
  };
  for (const [name, spec] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parseNodeSpec(spec), /is not of the form REGION=COUNT/);
    });
  }

  it('names every bad part in one error', () => {
    assert.throws(() => parseNodeSpec('a=1,b,c=x'), /"b", "c=x" is not of the form/);
  });
});
