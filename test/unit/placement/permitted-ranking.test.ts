import assert from 'node:assert/strict';
import type { Reading } from '../../../src/carbon/types.ts';
import { region } from '../../../src/carbon/units.ts';
import { rankPermitted } from '../../../src/placement/permitted-ranking.ts';
import type { PlacementIntent } from '../../../src/policy/intent.ts';
import type { SchedulerSettings } from '../../../src/policy/types.ts';
import { intent } from '../../support/hold.ts';
import { grams, policy, signal, THREE_REGIONS, world } from '../../support/world.ts';

const ALL = Object.keys(THREE_REGIONS);

function rank(
  values: Record<string, number | Reading>,
  placement: Partial<PlacementIntent> = {},
  scheduler: Partial<SchedulerSettings> = {},
): { passing: readonly (string | null)[]; permitted: readonly (string | null)[] } {
  const here = world({ policy: policy({ scheduler }), signal: signal(values) });
  const wanted = intent({ placement: { ceiling: null, ...placement } }).placement;
  const { passing, permitted } = rankPermitted(ALL.map(region), wanted, here);
  return { passing: passing.map((each) => each.region), permitted: permitted.map((each) => each.region) };
}

const VALUES = { 'eu-west-1': 300, 'eu-central-1': 320, 'us-east-1': 100 };

describe('rankPermitted', () => {
  it('puts the best first', () => {
    const want = ['us-east-1', 'eu-west-1', 'eu-central-1'];

    assert.deepEqual(rank(VALUES), { passing: want, permitted: want });
  });

  it('leaves out what residency refuses', () => {
    const want = ['eu-west-1'];

    assert.deepEqual(rank(VALUES, { regions: [region('eu-west-1')] }), { passing: want, permitted: want });
  });

  it('keeps what is above the ceiling among the permitted', () => {
    assert.deepEqual(rank(VALUES, { ceiling: grams(200) }), {
      passing: ['us-east-1'],
      permitted: ['us-east-1', 'eu-west-1', 'eu-central-1'],
    });
  });

  it('passes none where all are above a hard ceiling', () => {
    assert.deepEqual(rank(VALUES, { ceiling: grams(50) }, { ceiling: 'hard' }), {
      passing: [],
      permitted: ['us-east-1', 'eu-west-1', 'eu-central-1'],
    });
  });

  it('puts the known before the unknown where both count the same', () => {
    assert.deepEqual(rank({ 'us-east-1': 100 }).passing, ['us-east-1', 'eu-central-1', 'eu-west-1']);
  });

  it('puts equals in the order of their names', () => {
    assert.deepEqual(rank({}).passing, ['eu-central-1', 'eu-west-1', 'us-east-1']);
  });
});
