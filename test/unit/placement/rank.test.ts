import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import { rankRegions } from '../../../src/placement/rank.ts';
import type { World } from '../../../src/placement/facts.ts';
import { placementIntent } from '../../../src/policy/intent.ts';
import { FakeCatalog, known, policy, signal, world } from '../../support/world.ts';

function ranked(names: readonly (string | null)[], part: Partial<World>, annotations: Record<string, string> = {}) {
  const here = world(part);
  const places = names.map((name) => (name === null ? null : region(name)));
  const ranking = rankRegions(places, placementIntent(annotations, here.policy), here);
  return ranking.map(({ region: name, score }) => [name, score]);
}

describe('rankRegions', () => {
  it('scores each region of the list once, in its order', () => {
    assert.deepEqual(ranked(['eu-west-1', 'us-east-1', 'eu-west-1'], { signal: signal({ 'us-east-1': 100 }) }), [
      ['eu-west-1', 10],
      ['us-east-1', 10],
    ]);
  });

  it('never ranks a marginal value among averages', () => {
    const mixed = signal({ 'eu-west-1': known(1, { kind: 'marginal' }), 'eu-central-1': 200, 'us-east-1': 100 });

    assert.deepEqual(ranked(['eu-west-1', 'eu-central-1', 'us-east-1'], { signal: mixed }), [
      ['eu-west-1', 8],
      ['eu-central-1', 6],
      ['us-east-1', 10],
    ]);
  });

  it('counts with the share of nodes that are up, and knows none of a region without nodes', () => {
    const catalog = new FakeCatalog({}, { 'eu-west-1': { nodes: 4, available: 1 } });
    const here = world({ catalog, signal: signal({ 'eu-west-1': 100, 'us-east-1': 100 }) });

    const ranking = rankRegions([region('eu-west-1'), region('us-east-1')], placementIntent({}, here.policy), here);

    assert.deepEqual(
      ranking.map(({ view }) => view.availability),
      [0.25, null],
    );
  });

  it('scores the nodes without a region as one place without data', () => {
    assert.deepEqual(
      ranked([null, 'us-east-1', 'eu-west-1'], { signal: signal({ 'us-east-1': 100, 'eu-west-1': 300 }) }),
      [
        [null, 7],
        ['us-east-1', 10],
        ['eu-west-1', 5],
      ],
    );
  });

  it("scores a region that the policy's table lacks as one without data", () => {
    const here = { policy: policy({ regions: { 'us-east-1': {} } }), signal: signal({ 'us-east-1': 100 }) };

    assert.deepEqual(ranked(['us-east-1', 'eu-south-9'], here), [
      ['us-east-1', 10],
      ['eu-south-9', 10],
    ]);
  });

  it('prefers the near for a pod that names its origin, by either row of the table', () => {
    const regions = { 'eu-west-1': { latency: { 'us-east-1': 70 } }, 'us-east-1': {} };
    const here = { policy: policy({ regions }), signal: signal({ 'us-east-1': 100, 'eu-west-1': 100 }) };

    assert.deepEqual(ranked(['us-east-1', 'eu-west-1'], here, { 'lowtide.dev/latency-origin': 'us-east-1' }), [
      ['us-east-1', 10],
      ['eu-west-1', 7],
    ]);
  });
});
