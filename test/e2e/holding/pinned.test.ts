import assert from 'node:assert/strict';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { Samples } from '../../../hack/lowtide/samples.ts';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { regionOf, requiredRegions, word } from '../../support/live-object.ts';
import { job, lowtide, pod } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const PIN_TIMEOUT = '3s';
const DIRTY = { IE: 400, DE: 300, PJM: 500 };
/** No node has it: its pods find no place in any region. */
const NO_ROOM = { containers: [{ name: 'work', image: 'work', resources: { requests: { cpu: '1000' } } }] };

describe('regions that are required', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  before(async () => {
    stage = await HoldingStage.open();
    ({ objects } = stage);
    const scheduler = { pin: 'required', pinTimeout: PIN_TIMEOUT };
    service = await stage.play({ policy: holdingPolicy({ scheduler }), intensity: DIRTY });
  });
  after(() => stage.close());

  const pins = async (name: string): Promise<readonly string[]> =>
    requiredRegions((await objects.get('Job', name)).spec.template?.spec ?? {}).flat();

  // First: what admission is asked about later comes from controllers, whenever they get to it.
  it('are nothing to work that says nothing of Lowtide: it is not even asked', async () => {
    const asked = async (): Promise<number> =>
      (await Samples.of(service.operations)).sum('lowtide_admission_duration_seconds_count');
    const before = await asked();

    await objects.create(pod('plain'));
    await objects.create(job('plain'));

    await objects.until('Pod', 'plain', (found) => regionOf(found) !== null);
    assert.equal(await asked(), before);
    await objects.create(pod('annotated', { annotations: lowtide({ class: 'urgent' }) }));
    await eventually(async () => (await asked()) === before + 1);
  });

  it('hold a released Job in the best region while there is room', async () => {
    await objects.create(job('roomy', { annotations: lowtide({ class: 'brief', residency: 'eu-strict' }), runs: 60 }));

    await objects.until('Job', 'roomy', ({ spec }) => spec.suspend === false, 15_000);

    assert.deepEqual(await pins('roomy'), ['eu-central-1', 'eu-west-1', 'eu-central-1']);
    assert.equal(word(await objects.get('Job', 'roomy'), 'pinned'), 'true');
    await eventually(
      async () => (await objects.list('Pod', 'roomy')).some((each) => regionOf(each) === 'eu-central-1'),
      {
        within: 10_000,
      },
    );
  });

  it('are given up where its pods find no room: suspended, unpinned, resumed, within its residency', async function () {
    const annotations = lowtide({ class: 'brief', residency: 'eu-strict' });
    await objects.create(job('crowded', { annotations, pod: NO_ROOM }));
    await objects.until('Job', 'crowded', (found) => word(found, 'pinned') === 'true', 15_000);

    const free = await objects.until('Job', 'crowded', (found) => word(found, 'pinned') === undefined, 30_000);

    assert.equal(free.spec.suspend, false);
    assert.equal(word(free, 'unpinning'), undefined);
    assert.deepEqual(await pins('crowded'), ['eu-central-1', 'eu-west-1']);
  });
});
