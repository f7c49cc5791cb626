import assert from 'node:assert/strict';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import { Samples } from '../../../hack/lowtide/samples.ts';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { HoldingStage, NODES } from '../../support/holding-stage.ts';
import { HOUR_MS, hourBegins, interruptible, isComplete, isPaused, nightScene } from '../../support/interrupt-scene.ts';
import { preferredRegion, regionOf, requiredRegions, word } from '../../support/live-object.ts';
import { lowtide } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const CLEAN = 50;
const DIRTY = { IE: 500, DE: 450, PJM: 600 };
/** Held at first; then Ireland is clean, and after a dirty hour again. Germany is cleaner then, but cannot be had. */
const HOURS = [DIRTY, DIRTY, { ...DIRTY, IE: CLEAN }, DIRTY, { ...DIRTY, IE: CLEAN, DE: CLEAN - 20 }];
const GATE_OFF = { MutableSchedulingDirectivesForSuspendedJobs: false };

describe('a running Job where templates of Jobs that have run do not change', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  before(async function () {
    this.timeout(60_000);
    stage = await HoldingStage.open(NODES, GATE_OFF);
    controlOrSkip(this, stage.cluster);
    ({ objects } = stage);
    service = await stage.play(await nightScene(stage, { hours: HOURS, rest: DIRTY, forecast: 'perfect' }));
  });
  after(() => stage.close());

  it('is known to stay where it is', async () => {
    assert.equal((await Samples.of(service.operations)).sum('lowtide_moves_supported'), 0);
    const said = (await service.log()).filter(({ msg }) => String(msg).startsWith('paused Jobs are resumed where'));
    assert.equal(said.length, 1);
    assert.equal(await objects.find('Job', 'lowtide-moves-probe'), null);
  });

  it('is paused and resumed in place, with the template of its first release', async function () {
    this.timeout(60_000);
    // Before the clean hour, so that its release writes the region.
    const annotations = lowtide({
      'expected-duration': `${1.8 * HOUR_MS}ms`,
      deadline: new Date(Date.now() + 60_000).toISOString(),
      residency: 'eu-strict',
    });
    await objects.create(interruptible('train', { annotations, runs: 6 }));
    const released = await objects.until('Job', 'train', ({ spec }) => spec.suspend !== true, 3 * HOUR_MS);
    assert.equal(preferredRegion(released.spec.template?.spec ?? {}), 'eu-west-1');
    await hourBegins(service, 2);

    const paused = await objects.until('Job', 'train', isPaused, 3 * HOUR_MS);
    assert.equal(word(paused, 'ran-in'), 'eu-west-1');
    const resumed = await objects.until('Job', 'train', ({ spec }) => spec.suspend !== true, 3 * HOUR_MS);

    assert.deepEqual(resumed.spec.template?.spec, released.spec.template?.spec);
    assert.deepEqual(requiredRegions(resumed.spec.template?.spec ?? {}), [['eu-central-1', 'eu-west-1']]);
    await objects.until('Job', 'train', ({ status }) => status?.active === 1);
    assert.deepEqual((await objects.list('Pod', 'train')).map(regionOf), ['eu-west-1']);
    await objects.until('Job', 'train', isComplete, 4 * HOUR_MS);
    const trouble = (await service.log()).filter(({ msg }) => /placement refused|release failed/.test(String(msg)));
    assert.deepEqual(trouble, []);
  });
});
