import assert from 'node:assert/strict';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { HoldingStage } from '../../support/holding-stage.ts';
import { HOUR_MS, hourBegins, interruptible, isPaused, nightScene } from '../../support/interrupt-scene.ts';
import { decision, isHeld, word } from '../../support/live-object.ts';
import type { LiveObject } from '../../support/live-object.ts';
import { lowtide } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const DIRTY = { IE: 500, DE: 450, PJM: 600 };
const CLEAN = { IE: 50, DE: 450, PJM: 60 };
/** What the successors are told: as dirty as ever in the EU, with nothing said of what is to come. */
const THEN = { ...DIRTY, PJM: 60 };
/** Two clean hours with a dirty one between. */
const HOURS = [DIRTY, DIRTY, DIRTY, CLEAN, DIRTY, CLEAN];
const MAX_DELAY_MS = 35_000;
const PROMISED_MS = 2_000;
const DURATION = `${1.8 * HOUR_MS}ms`;

describe('a paused Job and its limits', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  const started = new Map<string, LiveObject>();
  const paused = new Map<string, LiveObject>();
  before(async function () {
    this.timeout(60_000);
    stage = await HoldingStage.open();
    ({ objects } = stage);
    service = await stage.play(await nightScene(stage, { hours: HOURS, rest: DIRTY, forecast: 'perfect' }));
    const endless = lowtide({ 'expected-duration': DURATION, residency: 'us-only' });
    const bound = { 'expected-duration': DURATION, residency: 'eu-strict', 'max-delay': `${MAX_DELAY_MS}ms` };
    await objects.create(interruptible('endless', { annotations: endless, runs: 120 }));
    await objects.create(interruptible('bound', { annotations: lowtide(bound), runs: 120 }));
    // Both are held for the first clean hour, and paused after it; nobody is there then to resume them.
    for (const name of ['endless', 'bound']) assert.ok(isHeld(await objects.get('Job', name)), `${name} is held first`);
    for (const name of ['endless', 'bound']) {
      started.set(name, await objects.until('Job', name, ({ spec }) => spec.suspend !== true, 4 * HOUR_MS));
    }
    await hourBegins(service, 4);
    for (const name of ['endless', 'bound']) paused.set(name, await objects.until('Job', name, isPaused));
    await service.stop('SIGKILL');
    const { policy } = await nightScene(stage, { hours: [], rest: DIRTY, forecast: 'none' });
    await stage.play({ policy, intensity: THEN });
  });
  after(() => stage.close());

  const runs = ({ status }: LiveObject): boolean => status?.active === 1;

  it('is resumed by the successor of a Lowtide that was killed between', async function () {
    this.timeout(60_000);
    const resumed = await objects.until('Job', 'endless', ({ spec }) => spec.suspend !== true, 25_000);

    assert.equal(decision(resumed).reason, 'intensity-below-threshold');
    assert.equal(word(resumed, 'pauses'), '1');
    assert.equal(word(resumed, 'held'), undefined);
    await objects.until('Job', 'endless', runs);
    await objects.event(resumed.metadata.uid, 'Released');
    const events = (await objects.events(resumed.metadata.uid)).map(({ action }) => action);
    assert.deepEqual(events.toSorted(), ['Held', 'Paused', 'Released', 'Released']);
  });

  it('waits no longer, holds and pauses together, than its maximum delay', async function () {
    this.timeout(60_000);
    const resumed = await objects.until('Job', 'bound', ({ spec }) => spec.suspend !== true, MAX_DELAY_MS);

    const at = (object: LiveObject | undefined, name: string): number =>
      Date.parse((object && word(object, name)) ?? '');
    const held = at(started.get('bound'), 'released-at') - Date.parse(resumed.metadata.creationTimestamp);
    const pause = at(resumed, 'released-at') - at(paused.get('bound'), 'held-since');
    const late = held + pause - MAX_DELAY_MS;
    // When a run began is known to the second.
    assert.ok(late >= -1_500 && late <= PROMISED_MS, `held ${held} ms, paused ${pause} ms: ${late} ms too long`);
    assert.equal(decision(resumed).reason, 'max-delay-reached');
    await objects.until('Job', 'bound', runs);
  });
});
