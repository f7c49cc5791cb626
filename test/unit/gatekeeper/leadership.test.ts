import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../src/carbon/units.ts';
import { CLASS, MAX_DELAY } from '../../../src/policy/annotations.ts';
import { CLEAN, DIRTY, Scene } from '../../support/gatekeeper.ts';
import type { Gatekeeper } from '../../../src/service/gatekeeper/gatekeeper.ts';

const MINUTE = 60_000;

describe('Gatekeeper, of several replicas', () => {
  it('acts only while it leads', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const { gatekeeper } = scene.gatekeeper();

    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(MINUTE);
    assert.deepEqual(scene.cluster.calls, []);
    gatekeeper.lead();
    await scene.time.pass(100);

    assert.equal(scene.cluster.patches.length, 1);
  });

  it('hands over: who follows begins nothing more, who leads goes on', async () => {
    const scene = new Scene({ policy: { scheduler: { release: { perMinute: 60 } } } });
    for (let count = 0; count < 20; count += 1) scene.cluster.hold();
    const first = await scene.leader();
    const { gatekeeper: second } = scene.gatekeeper();
    scene.turn(CLEAN, first, second);
    await scene.time.pass(5_500);
    assert.equal(scene.cluster.patches.length, 6);

    await first.follow();
    await scene.time.pass(MINUTE);
    assert.equal(scene.cluster.patches.length, 6);
    second.lead();
    await scene.time.pass(MINUTE);

    assert.equal(scene.cluster.patches.length, 20);
    assert.equal(Object.keys(scene.cluster.told('Released')).length, 20);
  });

  it('writes each Event once, whoever leads', async () => {
    const scene = new Scene();
    for (let count = 0; count < 10; count += 1) scene.cluster.hold();
    const first = await scene.leader();
    await scene.time.pass(MINUTE);
    await first.follow();
    const second = await scene.leader();
    await scene.time.pass(MINUTE);
    scene.turn(CLEAN, second);
    await scene.time.pass(MINUTE);
    await second.follow();
    await scene.leader();
    await scene.time.pass(MINUTE);

    const actions = scene.cluster.events.map(({ action }) => action);
    assert.deepEqual(actions.sort(), [...Array<string>(10).fill('Held'), ...Array<string>(10).fill('Released')]);
  });

  it('shows in its metrics what it holds and whether it leads', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a', kind: 'pod' });
    scene.cluster.hold({ uid: 'b', kind: 'pod' });
    const { gatekeeper, registry } = scene.gatekeeper();
    assert.match(await registry.metrics(), /lowtide_held\{kind="pod"\} 2/);
    assert.match(await registry.metrics(), /lowtide_leader 0/);

    gatekeeper.lead();
    scene.cluster.remove('a');
    await scene.time.pass(MINUTE);

    assert.match(await registry.metrics(), /lowtide_held\{kind="pod"\} 1/);
    assert.match(await registry.metrics(), /lowtide_leader 1/);
  });

  interface Trouble {
    readonly at: number;
    readonly what: 'die' | 'hand-over' | 'down' | 'up' | 'lost-answers' | 'clean' | 'dirty' | 'take-label' | 'edit';
  }
  const trouble: fc.Arbitrary<Trouble> = fc.record({
    at: fc.integer({ min: 0, max: 60 * MINUTE }),
    what: fc.constantFrom(
      ...(['die', 'hand-over', 'down', 'up', 'lost-answers', 'clean', 'dirty', 'take-label', 'edit'] as const),
    ),
  });
  const works = fc.array(
    fc.record({ kind: fc.constantFrom('job' as const, 'pod' as const), delay: fc.integer({ min: 1, max: 60 }) }),
    { minLength: 1, maxLength: 20 },
  );
  /** How long after its end the last work may go: the longest pause between attempts, and the calls themselves. */
  const BOUND = 10_000;

  it('loses nothing, releases nothing twice, is never late, and tells of all, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(works, fc.array(trouble, { maxLength: 12 }), fc.integer(), async (held, troubles, seed) => {
        const scene = new Scene({ policy: { scheduler: { release: { perMinute: 10 } } } });
        scene.chance = (seed >>> 0) / 2 ** 32;
        const all = held.map(({ kind, delay }) =>
          scene.cluster.hold({ kind, annotations: { [CLASS]: 'deferrable', [MAX_DELAY]: `${delay}m` } }),
        );
        const start = scene.time.now();
        const end = await play(scene, troubles);

        assert.deepEqual(scene.cluster.stillHeld, []);
        assert.equal(new Set(scene.cluster.patches.map(({ uid }) => uid)).size, scene.cluster.patches.length);
        const told = scene.cluster.told('Released');
        for (const [index, { uid }] of all.entries()) {
          const { at = Infinity } = scene.cluster.patches.find((patch) => patch.uid === uid) ?? {};
          const until = start + (held[index]?.delay ?? 0) * MINUTE;
          assert.ok(at <= Math.max(until, end) + BOUND, `${uid} went ${at - until} ms after its end`);
          assert.ok(told[uid], `${uid} went untold`);
        }
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);

  /** Plays the troubles in order, then lets everything be well; gives the moment of the last trouble. */
  async function play(scene: Scene, troubles: readonly Trouble[]): Promise<number> {
    let leader: Gatekeeper = await scene.leader();
    const began = scene.time.now();
    const change: Record<Trouble['what'], () => Promise<void> | void> = {
      // As kill -9 leaves it: what is under way may still come through, nothing more is told.
      die: async () => {
        void leader.stop(millis(0));
        leader = await scene.leader();
      },
      'hand-over': async () => {
        void leader.follow();
        leader = await scene.leader();
      },
      down: () => void (scene.cluster.fault = () => ({ when: 'before', code: 'unreachable' })),
      up: () => void (scene.cluster.fault = () => undefined),
      'lost-answers': () => void (scene.cluster.fault = () => ({ when: 'after', code: 'timeout' })),
      clean: () => {
        scene.turn(CLEAN, leader);
      },
      dirty: () => {
        scene.turn(DIRTY, leader);
      },
      'take-label': () => {
        const [uid] = scene.cluster.stillHeld;
        if (uid !== undefined) scene.cluster.edit(uid, {}, { labelled: false });
      },
      edit: () => {
        for (const uid of scene.cluster.stillHeld) scene.cluster.edit(uid, {});
      },
    };
    for (const { at, what } of [...troubles].sort((a, b) => a.at - b.at)) {
      await scene.time.pass(Math.max(0, began + at - scene.time.now()));
      await change[what]();
    }
    const end = scene.time.now();
    scene.cluster.fault = () => undefined;
    await scene.time.pass(70 * MINUTE);
    await leader.stop(millis(0));
    return end;
  }
});
