import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import { plannedFirst } from '../../../src/placement/planned-first.ts';
import { rankPermitted } from '../../../src/placement/permitted-ranking.ts';
import type { RankedRegion } from '../../../src/placement/rank.ts';
import { intent } from '../../support/hold.ts';
import { policy, signal, world } from '../../support/world.ts';

describe('plannedFirst', () => {
  const names = ['eu-west-1', 'eu-central-1', 'us-east-1'];
  const { permitted } = rankPermitted(
    names.map(region),
    intent().placement,
    world({ policy: policy(), signal: signal({ 'eu-west-1': 100, 'eu-central-1': 200, 'us-east-1': 300 }) }),
  );
  const ofNames = (ranking: readonly RankedRegion[]) => ranking.map((each) => each.region);

  it('puts the planned region on top, and leaves the others in their order', () => {
    assert.deepEqual(ofNames(plannedFirst(permitted, region('us-east-1'))), ['us-east-1', 'eu-west-1', 'eu-central-1']);
  });

  it('makes it worth twice what any other is', () => {
    const [first, ...others] = plannedFirst(permitted, region('us-east-1'));

    assert.ok(others.every(({ total }) => total * 2 <= (first?.total ?? 0)));
  });

  it('changes nothing where no region is planned, or one that is not permitted', () => {
    assert.equal(plannedFirst(permitted, null), permitted);
    assert.equal(plannedFirst(permitted, region('mars')), permitted);
  });
});
