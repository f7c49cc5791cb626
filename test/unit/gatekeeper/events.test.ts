import assert from 'node:assert/strict';
import { instant } from '../../../src/carbon/units.ts';
import type { ForecastStep } from '../../../src/carbon/types.ts';
import { DECISION } from '../../../src/policy/annotations.ts';
import { CLEAN, DIRTY, Scene } from '../../support/gatekeeper.ts';
import type { Gatekeeper } from '../../../src/service/gatekeeper/gatekeeper.ts';
import { HOUR } from '../../support/intents.ts';
import { grams, known } from '../../support/world.ts';

const MINUTE = 60_000;

describe('Gatekeeper, telling', () => {
  const notes = ({ cluster }: Scene): readonly string[] => cluster.events.map(({ note }) => note);
  const actions = ({ cluster }: Scene): readonly string[] => cluster.events.map(({ action }) => action);

  it('says once that work is held, why, and until when', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();
    await scene.time.pass(MINUTE);
    scene.turn(DIRTY, gatekeeper);
    await scene.time.pass(MINUTE);

    assert.deepEqual(notes(scene), [
      'held until 2026-03-03T00:00:00Z at the latest: the best permitted region is above the threshold ' +
        '(eu-west-1 is at 500 gCO2eq/kWh, the threshold is 250 gCO2eq/kWh)',
    ]);
    assert.equal(scene.cluster.told('Held')['a'], 'intensity-above-threshold');
  });

  it('gives the reason that admission wrote, so that replicas tell the same', async () => {
    const scene = new Scene();
    const decision = JSON.stringify({ reason: 'no-signal-waiting', region: null, intensity: null, threshold: 250 });
    scene.cluster.hold({ uid: 'a', annotations: { 'lowtide.dev/class': 'deferrable', [DECISION]: decision } });
    await scene.leader();
    await scene.time.pass(MINUTE);

    assert.deepEqual(scene.cluster.told('Held'), { a: 'no-signal-waiting' });
  });

  it('trusts nothing in that annotation beyond its codes', async () => {
    for (const decision of ['{', '{"reason":"<script>"}', '[]', '"x"']) {
      const scene = new Scene();
      scene.cluster.hold({ uid: 'a', annotations: { 'lowtide.dev/class': 'deferrable', [DECISION]: decision } });
      await scene.leader();
      await scene.time.pass(MINUTE);

      assert.deepEqual(scene.cluster.told('Held'), { a: 'intensity-above-threshold' }, decision);
    }
  });

  it('says why work was released, and how long it waited', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();
    await scene.time.pass(90 * MINUTE);
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(MINUTE);

    assert.deepEqual(actions(scene), ['Held', 'Released']);
    assert.equal(
      notes(scene)[1],
      'released after 1h30m: the best permitted region is at or below the threshold ' +
        '(eu-west-1 is at 100 gCO2eq/kWh, the threshold is 250 gCO2eq/kWh)',
    );
  });

  describe('of a forecast', () => {
    let scene: Scene;
    let gatekeeper: Gatekeeper;

    /** The forecast says that the west is clean for an hour from then on. */
    function forecast(inMinutes: number): void {
      const start = scene.time.now() + inMinutes * MINUTE;
      const step: ForecastStep = { start: instant(start), end: instant(start + HOUR), value: grams(50) };
      scene.turn({ ...DIRTY, 'eu-west-1': known(500, { forecast: [step] }) }, gatekeeper);
    }

    beforeEach(async () => {
      scene = new Scene();
      scene.cluster.hold({ uid: 'a' });
      gatekeeper = await scene.leader();
      forecast(300);
      await scene.time.pass(11 * MINUTE);
      forecast(300);
      await scene.time.pass(11 * MINUTE);
      scene.cluster.events.length = 0;
    });

    it('tells when the expected release moves by more than ten minutes, and notes it', async () => {
      forecast(300 - 11 - 11);
      await scene.time.pass(11 * MINUTE);

      assert.deepEqual(actions(scene), ['Replanned']);
      assert.match(
        notes(scene)[0] ?? '',
        /^release expected at 2026-03-02T17:00:00Z, at the latest at 2026-03-03T00:00:00Z/,
      );
      assert.match(scene.cluster.get('a')?.annotations[DECISION] ?? '', /cleaner-later/);
    });

    it('is silent about small moves', async () => {
      forecast(300 - 11 + 9);
      await scene.time.pass(11 * MINUTE);

      assert.deepEqual(actions(scene), []);
    });

    it('tells at most once in ten minutes, and then what holds by then', async () => {
      for (const minutes of [100, 200, 150, 60]) {
        forecast(minutes);
        await scene.time.pass(2 * MINUTE);
      }
      assert.deepEqual(actions(scene), ['Replanned']);
      await scene.time.pass(3 * MINUTE);
      forecast(50);
      await scene.time.pass(MINUTE);

      assert.deepEqual(actions(scene), ['Replanned', 'Replanned']);
    });
  });
});
