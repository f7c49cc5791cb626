import assert from 'node:assert/strict';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { Samples } from '../../../hack/lowtide/samples.ts';
import { HoldingStage } from '../../support/holding-stage.ts';
import { HOUR_MS, hourBegins, interruptible, isComplete, isPaused, nightScene } from '../../support/interrupt-scene.ts';
import { preferredRegion, regionOf, word } from '../../support/live-object.ts';
import type { LiveObject } from '../../support/live-object.ts';
import { lowtide } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const DIRTY = { IE: 500, DE: 450, PJM: 600 };
/** One clean hour in Ireland, a dirty one, then two clean hours in Germany: work of 2.2 hours needs both. */
const CLEAN = 50;
const HOURS = [DIRTY, DIRTY, { ...DIRTY, IE: CLEAN }, DIRTY, { ...DIRTY, DE: CLEAN }, { ...DIRTY, DE: CLEAN }];
const MINUTE = 60_000;

describe('a running Job in a dirty hour', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  let deadline = 0;
  before(async function () {
    this.timeout(60_000);
    stage = await HoldingStage.open();
    ({ objects } = stage);
    service = await stage.play(await nightScene(stage, { hours: HOURS, rest: DIRTY, forecast: 'perfect' }));
    await hourBegins(service, 2);
    deadline = Date.now() + MINUTE;
    const annotations = lowtide({
      'expected-duration': `${2.2 * HOUR_MS}ms`,
      deadline: new Date(deadline).toISOString(),
    });
    // KWOK begins anew at each resumption.
    await objects.create(interruptible('train', { annotations, runs: 6 }));
  });
  after(() => stage.close());

  const podsOf = async (name: string): Promise<readonly LiveObject[]> => objects.list('Pod', name);

  it('starts at once where the hour is clean', async () => {
    const started = await objects.until('Job', 'train', ({ status }) => status?.active === 1, 4_000);

    assert.equal(word(started, 'interruptible'), 'true');
    assert.equal(word(started, 'held'), undefined);
  });

  it('is paused when the hour is over, says how far it has come, and tells its owner', async () => {
    const paused = await objects.until('Job', 'train', isPaused, 2 * HOUR_MS);

    const over = await hourBegins(service, 3);
    const since = Date.parse(word(paused, 'held-since') ?? '');
    assert.ok(since >= over && since - over < 2_000, `paused ${since - over} ms after the turn`);
    assert.equal(word(paused, 'pauses'), '1');
    assert.match(word(paused, 'ran') ?? '', /^[1-9]\d?s/);
    assert.match(word(paused, 'waited') ?? '', /^(0s|[01]?s?\d*ms|1s.*)$/);
    const event = await objects.event(paused.metadata.uid, 'Paused');
    assert.equal(event.reason, 'cleaner-hours');
    assert.match(event.note, /^paused in [a-z]+-[a-z]+-1 after running for [1-9]\d?s; resumed at /);
  });

  it('goes on in another region when that is clean, and finishes before its deadline', async () => {
    const resumed = await objects.until('Job', 'train', ({ spec }) => spec.suspend !== true, 3 * HOUR_MS);

    assert.equal(preferredRegion(resumed.spec.template?.spec ?? {}), 'eu-central-1');
    assert.equal(word(resumed, 'placed'), 'true');
    await objects.until('Job', 'train', ({ status }) => status?.active === 1);
    assert.deepEqual(
      (await podsOf('train')).map((pod) => regionOf(pod)),
      ['eu-central-1'],
    );
    await objects.event(resumed.metadata.uid, 'Released');
    await objects.until('Job', 'train', isComplete, 3 * HOUR_MS);
    assert.ok(Date.now() < deadline, 'after its deadline');
  });

  it('is counted, and nothing says that it failed', async () => {
    const samples = await Samples.of(service.operations);

    assert.equal(samples.sum('lowtide_pauses_total', { outcome: 'paused' }), 1);
    assert.equal(samples.sum('lowtide_moves_supported'), 1);
    assert.equal(samples.sum('lowtide_running_interruptible'), 0);
  });
});
