import assert from 'node:assert/strict';
import { millis } from '../../../src/carbon/units.ts';
import { CLASS, HOLD, MAX_DELAY } from '../../../src/policy/annotations.ts';
import { CLEAN, Scene } from '../../support/gatekeeper.ts';
import { ago } from '../../support/held-cluster.ts';
import { HOUR } from '../../support/intents.ts';

const MINUTE = 60_000;

describe('Gatekeeper, in which order and how fast', () => {
  const paced = (perMinute: number): Scene => new Scene({ policy: { scheduler: { release: { perMinute } } } });
  const uids = ({ cluster }: Scene): readonly string[] => cluster.patches.map(({ uid }) => uid);

  it('releases the oldest end first', async () => {
    const scene = new Scene();
    for (const delay of [5, 3, 9, 1, 7]) {
      const annotations = { [CLASS]: 'deferrable', [MAX_DELAY]: `${delay}h` };
      scene.cluster.hold({ uid: `${delay}h`, annotations });
    }
    const gatekeeper = await scene.leader();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(100);

    assert.deepEqual(uids(scene), ['1h', '3h', '5h', '7h', '9h']);
  });

  it('has a bounded number of releases under way', async () => {
    const scene = new Scene();
    scene.cluster.latency = 1_000;
    for (let count = 0; count < 100; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();
    await scene.time.pass(MINUTE);
    const before = scene.cluster.calls.length;

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(500);

    const releases = scene.cluster.calls.slice(before).filter(({ call }) => call === 'release');
    assert.equal(releases.length, 32);
  });

  it('spreads releases into one region over time, at most the policy’s number a minute', async () => {
    const scene = paced(6);
    for (let count = 0; count < 12; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(MINUTE);
    assert.equal(scene.cluster.patches.length, 6);
    await scene.time.pass(MINUTE);

    assert.equal(scene.cluster.patches.length, 12);
  });

  it('lets chance stretch the pace, and never quicken it', async () => {
    const scene = paced(6);
    scene.chance = 1;
    for (let count = 0; count < 12; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(MINUTE);

    assert.equal(scene.cluster.patches.length, 5);
  });

  it('keeps one pace a region', async () => {
    const scene = paced(1);
    const at = (region: string, uid: string): void => {
      scene.cluster.hold({ uid, annotations: { [CLASS]: 'deferrable', 'lowtide.dev/regions': region } });
    };
    at('eu-west-1', 'w1');
    at('eu-west-1', 'w2');
    at('us-east-1', 'u1');
    const gatekeeper = await scene.leader();

    scene.turn({ 'eu-west-1': 100, 'eu-central-1': 100, 'us-east-1': 100 }, gatekeeper);
    await scene.time.pass(1_000);

    assert.deepEqual(uids(scene), ['w1', 'u1']);
  });

  it('never lets the pace carry work past its end', async () => {
    const scene = paced(1);
    const created = ago(scene.time, 11 * HOUR + 57 * MINUTE);
    for (let count = 0; count < 10; count += 1) scene.cluster.hold({ created });
    const gatekeeper = await scene.leader();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(2 * MINUTE);
    assert.equal(scene.cluster.patches.length, 2);
    await scene.time.pass(MINUTE + 1_000);

    assert.equal(scene.cluster.patches.length, 10);
    assert.ok(scene.cluster.patches.every(({ at }) => at <= created + 12 * HOUR + 100));
  });

  it('takes an end that moves nearer while the pace keeps the work waiting', async () => {
    const scene = paced(1);
    for (const uid of ['a', 'b', 'c', 'd']) scene.cluster.hold({ uid });
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1_000);

    scene.cluster.edit('d', { annotations: { [CLASS]: 'deferrable', [MAX_DELAY]: '30s' } });
    await scene.time.pass(30_000);

    assert.deepEqual(uids(scene), ['a', 'd']);
  });

  it('lets a person who opts out not wait for the pace', async () => {
    const scene = paced(1);
    const held = [1, 2, 3].map(() => scene.cluster.hold());
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1_000);

    const last = held[2];
    scene.cluster.edit(last?.uid ?? '', { annotations: { ...last?.annotations, [HOLD]: 'false' } });
    await scene.time.pass(1_000);

    assert.deepEqual(uids(scene), [held[0]?.uid, last?.uid]);
  });

  it('takes work out of the queue again when the grid turns back', async () => {
    const scene = paced(1);
    for (let count = 0; count < 5; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1_000);

    scene.turn({ 'eu-west-1': 500, 'eu-central-1': 500, 'us-east-1': 500 }, gatekeeper);
    await scene.time.pass(HOUR);

    assert.equal(scene.cluster.patches.length, 1);
    await gatekeeper.stop(millis(0));
  });

  it('tells who has long to wait for the pace that it does', async () => {
    const scene = paced(1);
    for (let count = 0; count < 60; count += 1) scene.cluster.hold({ uid: `pod-${count}` });
    const gatekeeper = await scene.leader();
    await scene.time.pass(20 * MINUTE);

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(MINUTE);

    const told = scene.cluster.told('Replanned');
    assert.equal(told['pod-59'], 'release-staggered');
    assert.match(scene.cluster.get('pod-59')?.annotations['lowtide.dev/decision'] ?? '', /release-staggered/);
  });
});
