import assert from 'node:assert/strict';
import { millis } from '../../../src/carbon/units.ts';
import { CLASS, HOLD, HOLD_LIMIT, MAX_DELAY } from '../../../src/policy/annotations.ts';
import { CLEAN, DIRTY, Scene } from '../../support/gatekeeper.ts';
import { ago } from '../../support/held-cluster.ts';
import { HOUR } from '../../support/intents.ts';
import { grams, known, workClass } from '../../support/world.ts';

const MINUTE = 60_000;
const UNKNOWN = { state: 'unknown', reason: 'trace-ended' } as const;

describe('Gatekeeper, releasing', () => {
  function reasons({ cluster }: Scene): Record<string, string> {
    return Object.fromEntries(
      cluster.patches.map(({ uid, change }) => [uid, (JSON.parse(change.decision) as { reason: string }).reason]),
    );
  }

  it('lets work go when the signal falls to its threshold, and not before', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();
    await scene.time.pass(HOUR);
    assert.deepEqual(scene.cluster.stillHeld, ['a']);

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(100);

    assert.deepEqual(reasons(scene), { a: 'intensity-below-threshold' });
    assert.equal(scene.cluster.labelled('a'), false);
  });

  it('does nothing between the moments that matter', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    await scene.leader();
    await scene.time.pass(MINUTE);
    const before = scene.cluster.calls.length;

    await scene.time.pass(10 * HOUR);

    assert.equal(scene.cluster.calls.length, before);
  });

  it('lets work go at the very end of its maximum delay, whatever the grid', async () => {
    const scene = new Scene();
    const { created } = scene.cluster.hold({ uid: 'a', annotations: { [CLASS]: 'deferrable', [MAX_DELAY]: '90m' } });
    await scene.leader();

    await scene.time.pass(90 * MINUTE - 1);
    assert.deepEqual(scene.cluster.stillHeld, ['a']);
    await scene.time.pass(100);

    assert.deepEqual(reasons(scene), { a: 'max-delay-reached' });
    assert.ok((scene.cluster.patches[0]?.at ?? 0) - created < 90 * MINUTE + 50);
  });

  it('lets alike work of different age go each at its own end', async () => {
    const scene = new Scene();
    for (const [uid, age] of Object.entries({ young: 10, old: 11 })) {
      scene.cluster.hold({ uid, created: ago(scene.time, age * HOUR) });
    }
    await scene.leader();

    await scene.time.pass(HOUR + 100);
    assert.deepEqual(scene.cluster.stillHeld, ['young']);
    await scene.time.pass(HOUR);

    assert.deepEqual(scene.cluster.stillHeld, []);
  });

  it('keeps a bound that admission wrote', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a', annotations: { [CLASS]: 'deferrable', [HOLD_LIMIT]: '5m' } });
    await scene.leader();

    await scene.time.pass(5 * MINUTE + 100);

    assert.deepEqual(reasons(scene), { a: 'hold-limit-reached' });
  });

  it('lets work go whose owner says hold: "false" while it is held', async () => {
    const scene = new Scene();
    const { annotations } = scene.cluster.hold({ uid: 'a' });
    scene.cluster.hold({ uid: 'b' });
    await scene.leader();

    scene.cluster.edit('a', { annotations: { ...annotations, [HOLD]: 'false' } });
    await scene.time.pass(100);

    assert.deepEqual(reasons(scene), { a: 'hold-opted-out' });
  });

  const WITHOUT_DATA = [
    { noSignal: 'wait', want: {} },
    { noSignal: 'release', want: { a: 'no-signal' } },
  ] as const;
  for (const { noSignal, want } of WITHOUT_DATA) {
    it(`obeys noSignal: ${noSignal} when the data ends`, async () => {
      const scene = new Scene({ policy: { scheduler: { noSignal } } });
      scene.cluster.hold({ uid: 'a' });
      const gatekeeper = await scene.leader();

      scene.turn({ 'eu-west-1': UNKNOWN, 'eu-central-1': UNKNOWN, 'us-east-1': UNKNOWN }, gatekeeper);
      await scene.time.pass(100);

      assert.deepEqual(reasons(scene), want);
    });
  }

  it('looks again when the policy changes', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();

    const classes = new Map([['deferrable', workClass('deferrable', { maxDelay: millis(0), maxIntensity: null })]]);
    scene.policy = { ...scene.policy, classes };
    scene.policyGeneration = 2;
    gatekeeper.wake('policy');
    await scene.time.pass(100);

    assert.deepEqual(reasons(scene), { a: 'max-delay-reached' });
  });

  it('looks again when a namespace lowers its ceiling', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();
    await scene.time.pass(60_000);

    const annotations = { 'lowtide.dev/limit-max-delay': '1m' };
    scene.namespaces.set('team', { name: 'team', annotations, managed: false, enforced: false });
    gatekeeper.wake('namespaces');
    await scene.time.pass(1_000);

    assert.deepEqual(reasons(scene), { a: 'max-delay-reached' });
  });

  it('asks the decision again right before it acts: a signal that turned back keeps the work', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    scene.cluster.fault = (call) => (call === 'release' ? { when: 'before', code: 'unreachable' } : undefined);
    const gatekeeper = await scene.leader();
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1_000);

    scene.turn(DIRTY);
    scene.cluster.fault = () => undefined;
    await scene.time.pass(MINUTE);

    assert.deepEqual(scene.cluster.patches, []);
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(100);
    assert.equal(scene.cluster.patches.length, 1);
  });

  it('does not take a forecast for a value that is below the threshold', async () => {
    const patient = workClass('deferrable', {
      maxDelay: millis(12 * HOUR),
      maxIntensity: grams(250),
      strategy: 'threshold',
    });
    const scene = new Scene({ policy: { classes: [patient] } });
    const start = scene.time.now();
    const forecast = [{ start: start + HOUR, end: start + 2 * HOUR, value: 10 }] as never;
    scene.turn({ ...DIRTY, 'eu-west-1': known(500, { forecast }) });
    scene.cluster.hold({ uid: 'a' });
    await scene.leader();

    await scene.time.pass(HOUR + MINUTE);

    assert.deepEqual(scene.cluster.stillHeld, ['a']);
  });

  it('lets go what is created while it leads, once it may', async () => {
    const scene = new Scene();
    const gatekeeper = await scene.leader();
    await scene.time.pass(MINUTE);

    scene.cluster.hold({ uid: 'a' });
    await scene.time.pass(MINUTE);
    assert.deepEqual(scene.cluster.stillHeld, ['a']);
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(100);

    assert.deepEqual(scene.cluster.stillHeld, []);
  });

  it('releases ten thousand, each once, deciding once for all that are alike', async () => {
    const scene = new Scene();
    let listed = 0;
    const nodes = scene.catalog.nodes.bind(scene.catalog);
    scene.catalog.nodes = () => {
      listed += 1;
      return nodes();
    };
    scene.cluster.latency = 0;
    for (let count = 0; count < 10_000; count += 1) scene.cluster.hold({ kind: 'pod' });
    const gatekeeper = await scene.leader();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(MINUTE);

    assert.equal(new Set(scene.cluster.patches.map(({ uid }) => uid)).size, 10_000);
    assert.equal(scene.cluster.patches.length, 10_000);
    assert.equal(listed, 1);
    await gatekeeper.stop(millis(0));
  }).timeout(30_000);
});
