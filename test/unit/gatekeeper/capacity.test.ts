import assert from 'node:assert/strict';
import type { ForecastStep } from '../../../src/carbon/types.ts';
import { instant, millis, region } from '../../../src/carbon/units.ts';
import { CLASS, EXPECTED_DURATION, MAX_DELAY } from '../../../src/policy/annotations.ts';
import type { Policy } from '../../../src/policy/types.ts';
import type { Occupant } from '../../../src/service/gatekeeper/capacity-book.ts';
import { Scene } from '../../support/gatekeeper.ts';
import { HOUR } from '../../support/intents.ts';
import { FakeRunningJobs } from '../../support/running-jobs.ts';
import { grams, known } from '../../support/world.ts';

const WORDS = { [CLASS]: 'deferrable', [EXPECTED_DURATION]: '1h' };

/** 500 g now, and what follows hour by hour. */
function foretold(now: number, ...values: readonly number[]) {
  const forecast = values.map((value, index): ForecastStep => {
    const start = instant(now + (index + 1) * HOUR);
    return { start, end: instant(start + HOUR), value: grams(value) };
  });
  return known(500, { observedAt: instant(now), forecast, forecastBy: 'trace' });
}

function limited(policy: Policy, capacity: number): Policy {
  const regions = [...policy.regions].map(([name, facts]) => [name, { ...facts, capacity }] as const);
  return { ...policy, regions: new Map(regions) };
}

describe('Gatekeeper, where a region has a capacity', () => {
  let occupants: Occupant[];
  let scene: Scene;

  beforeEach(() => {
    occupants = [];
    scene = new Scene({ occupants: () => occupants });
    scene.policy = limited(scene.policy, 2);
    const now = scene.time.now();
    scene.turn({ 'eu-west-1': foretold(now, 100, 200, 300, 400, 450, 460) });
  });

  function releases(): Record<string, number> {
    return Object.fromEntries(
      scene.cluster.patches.map(({ uid, change }) => [uid, Math.round((change.releasedAt - start) / HOUR)]),
    );
  }
  const start = new Scene().time.now();

  it('sends no more to its cleanest hour than it may have', async () => {
    for (const uid of ['a', 'b', 'c', 'd', 'e']) scene.cluster.hold({ uid, annotations: WORDS });
    await scene.leader();
    await scene.time.pass(6 * HOUR);

    assert.deepEqual(releases(), { a: 1, b: 1, c: 2, d: 2, e: 3 });
  });

  it('counts what runs already', async () => {
    occupants = [{ uid: 'x', region: region('eu-west-1'), until: instant(start + 2 * HOUR) }];
    for (const uid of ['a', 'b', 'c']) scene.cluster.hold({ uid, annotations: WORDS });
    await scene.leader();
    await scene.time.pass(2 * HOUR - 1000);
    occupants = [];
    await scene.time.pass(4 * HOUR);

    assert.deepEqual(releases(), { a: 1, b: 2, c: 2 });
  });

  it('lets what is at its end go all the same', async () => {
    scene.policy = limited(scene.policy, 1);
    occupants = [{ uid: 'x', region: region('eu-west-1'), until: instant(start + 9 * HOUR) }];
    scene.cluster.hold({ uid: 'a', annotations: { ...WORDS, [MAX_DELAY]: '3h' } });
    await scene.leader();
    await scene.time.pass(4 * HOUR);

    assert.deepEqual(releases(), { a: 3 });
  });

  it('gives back the hour of work that is deleted', async () => {
    scene.policy = limited(scene.policy, 1);
    scene.cluster.hold({ uid: 'a', annotations: WORDS });
    const gatekeeper = await scene.leader();
    scene.cluster.hold({ uid: 'b', annotations: WORDS });
    await scene.time.pass(1000);
    scene.cluster.remove('a');
    await scene.time.pass(millis(60_000));
    gatekeeper.wake('nodes');
    await scene.time.pass(6 * HOUR);

    assert.deepEqual(releases(), { b: 1 });
  });

  it('does not pause what runs for the room that it takes itself, nor gives that room away', async () => {
    const jobs: FakeRunningJobs[] = [];
    const runs = new Scene({
      occupants: () => occupants,
      pauses: (around) => {
        const made = new FakeRunningJobs(around);
        jobs.push(made);
        return made;
      },
    });
    runs.policy = limited(runs.policy, 1);
    const now = runs.time.now();
    const even = foretold(now, 500, 500, 500, 500, 500, 500);
    runs.turn({ 'eu-west-1': even, 'eu-central-1': known(900), 'us-east-1': known(900) });
    const long = { ...WORDS, [EXPECTED_DURATION]: '4h' };
    occupants = [{ uid: 'x', region: region('eu-west-1'), until: instant(now + 4 * HOUR) }];
    for (const made of jobs) made.put('x', { annotations: long });
    const gatekeeper = await runs.leader();
    await runs.time.pass(millis(30 * 60_000));
    gatekeeper.wake('signal');
    runs.cluster.hold({ uid: 'a', annotations: WORDS });
    await runs.time.pass(HOUR);

    assert.deepEqual([jobs.length, jobs.flatMap(({ paused }) => paused), runs.cluster.patches], [1, [], []]);
  });
});
