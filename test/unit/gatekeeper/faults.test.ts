import assert from 'node:assert/strict';
import { millis } from '../../../src/carbon/units.ts';
import { CLASS, DECISION, MAX_DELAY, RELEASED_AT } from '../../../src/policy/annotations.ts';
import { CLEAN, Scene } from '../../support/gatekeeper.ts';
import type { Fault } from '../../support/held-cluster.ts';
import { HOUR } from '../../support/intents.ts';

const MINUTE = 60_000;
const DOWN: Fault = { when: 'before', code: 'unreachable' };

describe('Gatekeeper, when things go wrong', () => {
  it('repeats a release until it succeeds, soon after the API server is back', async () => {
    const scene = new Scene();
    for (let count = 0; count < 100; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();
    await scene.time.pass(MINUTE);
    scene.cluster.fault = () => DOWN;
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(20_000);
    assert.equal(scene.cluster.patches.length, 0);

    scene.cluster.fault = () => undefined;
    await scene.time.pass(6_000);

    assert.equal(scene.cluster.patches.length, 100);
    assert.equal(Object.keys(scene.cluster.told('Released')).length, 100);
  });

  it('tells of a release whose answer was lost', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const { gatekeeper, registry } = scene.gatekeeper();
    gatekeeper.lead();
    await scene.time.pass(0);
    scene.cluster.fault = (call) => (call === 'release' ? { when: 'after', code: 'timeout' } : undefined);
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(100);
    scene.cluster.fault = () => undefined;
    await scene.time.pass(MINUTE);

    assert.equal(scene.cluster.patches.length, 1);
    assert.deepEqual(scene.cluster.told('Released'), { a: 'intensity-below-threshold' });
    const metrics = await registry.metrics();
    assert.match(metrics, /lowtide_releases_total\{kind="job",reason="intensity-below-threshold"\} 1/);
    assert.match(metrics, /lowtide_release_failures_total\{code="timeout"\} [1-9]/);
    assert.match(metrics, /lowtide_tampering_total(?!\{)/);
  });

  it('says nothing of work that was deleted', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    await scene.leader();
    await scene.time.pass(MINUTE);

    scene.cluster.remove('a');
    await scene.time.pass(MINUTE);

    assert.deepEqual(
      scene.cluster.events.map(({ action }) => action),
      ['Held'],
    );
  });

  it('puts a label back that somebody took off, and still releases in time', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a', annotations: { [CLASS]: 'deferrable', [MAX_DELAY]: '1h' } });
    const { gatekeeper, registry } = scene.gatekeeper();
    gatekeeper.lead();
    await scene.time.pass(MINUTE);

    scene.cluster.edit('a', {}, { labelled: false });
    await scene.time.pass(1_000);
    assert.equal(scene.cluster.labelled('a'), true);
    await scene.time.pass(HOUR);

    assert.equal(scene.cluster.patches.length, 1);
    assert.match(await registry.metrics(), /lowtide_tampering_total\{what="label-removed"\} 1/);
  });

  it('finds work whose label was taken off while nobody led', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    scene.cluster.edit('a', {}, { labelled: false });
    await scene.time.pass(MINUTE);
    assert.equal(scene.cluster.index.size, 0);

    await scene.leader();
    await scene.time.pass(MINUTE);

    assert.equal(scene.cluster.labelled('a'), true);
  });

  for (const labelled of [true, false]) {
    it(`tells of work that somebody else let go, our label ${labelled ? 'still on it' : 'off'}`, async () => {
      const scene = new Scene();
      // As admission leaves it: why it is held stands on it.
      const held = JSON.stringify({ reason: 'intensity-above-threshold' });
      scene.cluster.hold({ uid: 'a', annotations: { [CLASS]: 'deferrable', [DECISION]: held } });
      const { gatekeeper, registry } = scene.gatekeeper();
      gatekeeper.lead();
      await scene.time.pass(MINUTE);

      scene.cluster.edit('a', { held: false }, { labelled });
      await scene.time.pass(MINUTE);

      assert.deepEqual(scene.cluster.told('ReleasedElsewhere'), { a: 'released-elsewhere' });
      assert.equal(scene.cluster.patches.length, 0);
      assert.equal(scene.cluster.labelled('a'), false);
      assert.ok(scene.cluster.get('a')?.annotations[RELEASED_AT]);
      assert.match(await registry.metrics(), /lowtide_tampering_total\{what="released-elsewhere"\} 1/);
    });
  }

  it('repeats an Event until it is written, in the order of what happened', async () => {
    const scene = new Scene();
    scene.cluster.fault = (call) => (call === 'event' ? DOWN : undefined);
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(10 * MINUTE);
    assert.deepEqual(scene.cluster.events, []);

    scene.cluster.fault = () => undefined;
    await scene.time.pass(MINUTE);

    assert.deepEqual(
      scene.cluster.events.map(({ action }) => action),
      ['Held', 'Released'],
    );
  });

  it('lets no Event keep a release waiting', async () => {
    const scene = new Scene();
    scene.cluster.fault = (call) => (call === 'event' ? DOWN : undefined);
    for (let count = 0; count < 500; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1_000);

    assert.equal(scene.cluster.patches.length, 500);
  });

  it('gives an Event up that the API server refuses for good', async () => {
    const scene = new Scene();
    scene.cluster.fault = (call) => (call === 'event' ? { when: 'before', code: 'invalid' } : undefined);
    scene.cluster.hold({ uid: 'a' });
    await scene.leader();

    await scene.time.pass(HOUR);

    assert.equal(scene.cluster.calls.filter(({ call }) => call === 'event').length, 1);
  });

  it('tells what is left to be told before it stops', async () => {
    const scene = new Scene();
    for (let count = 0; count < 50; count += 1) scene.cluster.hold();
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(10);

    let stopped = false;
    void gatekeeper.stop(millis(5_000)).then(() => {
      stopped = true;
    });
    await scene.time.pass(1_000);

    assert.equal(stopped, true);
    assert.ok(scene.cluster.patches.length > 0);
    assert.equal(Object.keys(scene.cluster.told('Released')).length, scene.cluster.patches.length);
  });

  it('stops in its time even where nothing answers', async () => {
    const scene = new Scene();
    scene.cluster.hold();
    scene.cluster.fault = () => DOWN;
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(100);

    let stopped = false;
    void gatekeeper.stop(millis(5_000)).then(() => {
      stopped = true;
    });
    await scene.time.pass(5_000);
    assert.equal(stopped, true);
    const before = scene.cluster.calls.length;
    await scene.time.pass(HOUR);

    assert.equal(scene.cluster.calls.length, before);
  });

  it('tells of a release whose leader ended before it could', async () => {
    const scene = new Scene();
    const decision = JSON.stringify({ reason: 'max-delay-reached', region: null, intensity: null, threshold: null });
    const annotations = { [RELEASED_AT]: new Date(scene.time.now()).toISOString(), [DECISION]: decision };
    scene.cluster.hold({ uid: 'a' });
    scene.cluster.edit('a', { held: false, annotations }, { labelled: false });
    await scene.time.pass(MINUTE);

    await scene.leader();
    await scene.time.pass(1_000);

    assert.deepEqual(scene.cluster.told('Released'), { a: 'max-delay-reached' });
    assert.deepEqual(scene.cluster.told('ReleasedElsewhere'), {});
  });
});
