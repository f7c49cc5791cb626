import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_STAGES } from '../../../hack/controlplane/components.ts';
import type { ControlPlane } from '../../../hack/controlplane/types.ts';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { eventually } from '../../support/eventually.ts';
import { HoldingStage } from '../../support/holding-stage.ts';
import { HOUR_MS, hourBegins, interruptible, isPaused, nightScene } from '../../support/interrupt-scene.ts';
import { word } from '../../support/live-object.ts';
import type { LiveObject } from '../../support/live-object.ts';
import { lowtide } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const DIRTY = { IE: 500, DE: 450, PJM: 600 };
const CLEAN = { ...DIRTY, IE: 100 };
const HOURS = [CLEAN, CLEAN, CLEAN, DIRTY];
/** KWOK's pods end at once, without a word of how, unless it is left out. */
const WITHOUT_DELETE = ALL_STAGES.filter((name) => name !== 'pod-delete');
/** A failed index or Job for exit code 143; that of a pod that was disrupted is said to be ignored, which does not help. */
const FAILS = {
  podFailurePolicy: {
    rules: [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailJob', onExitCodes: { operator: 'In', values: [143] } },
    ],
  },
};

describe('a running Job whose pods are stopped', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  let control: ControlPlane;
  before(async function () {
    this.timeout(60_000);
    stage = await HoldingStage.open();
    control = controlOrSkip(this, stage.cluster);
    ({ objects } = stage);
    service = await stage.play(await nightScene(stage, { hours: HOURS, rest: CLEAN, forecast: 'perfect' }));
    await control.restartKwok(WITHOUT_DELETE);
    // With none, the API server would not wait for anybody to say that they have ended.
    const long = { runs: 120, pod: { terminationGracePeriodSeconds: 1 } };
    await objects.create(interruptible('slow', { ...long, annotations: takes(10) }));
    await objects.create(interruptible('brittle', { ...long, annotations: takes(1), spec: FAILS }));
    for (const name of ['slow', 'brittle']) await objects.until('Job', name, runsOne);
  });
  after(() => stage.close());

  const takes = (hours: number) => lowtide({ 'expected-duration': `${hours * HOUR_MS}ms` });
  const runsOne = ({ status }: LiveObject): boolean => status?.active === 1;
  const ends = ({ metadata }: LiveObject): boolean => metadata.deletionTimestamp !== undefined;
  const podsOf = (name: string): Promise<readonly LiveObject[]> => objects.list('Pod', name);

  it('is never paused where that could fail it for good, and is told so', async function () {
    this.timeout(60_000);
    await hourBegins(service, 3);
    // The other one is, in the same hour.
    await objects.until('Job', 'slow', isPaused);

    const brittle = await objects.get('Job', 'brittle');
    assert.equal(brittle.spec.suspend ?? false, false);
    assert.equal(word({ ...brittle, metadata: { ...brittle.metadata, annotations: {} } }, 'interruptible'), undefined);
    const said = await objects.create(interruptible('brittle-too', { spec: { ...FAILS, suspend: true } }));
    assert.match(said.join('\n'), /pod-failure-policy/);
  });

  it('is resumed only when they have ended: never two copies', async function () {
    this.timeout(60_000);
    await objects.until('Job', 'slow', isPaused);
    await eventually(async () => (await podsOf('slow')).every(ends));
    await hourBegins(service, 4);
    // The hour is clean again, and its pod still ends.
    await sleep(2_000);

    const [stopping] = await podsOf('slow');
    assert.ok(stopping !== undefined && ends(stopping));
    assert.ok(isPaused(await objects.get('Job', 'slow')));

    await control.restartKwok(ALL_STAGES);
    const resumed = await objects.until('Job', 'slow', ({ spec }) => spec.suspend !== true);
    assert.equal(word(resumed, 'pauses'), '1');
    await objects.until('Job', 'slow', runsOne);
    assert.equal((await podsOf('slow')).length, 1);
  });

  it('would have failed for good: the same, suspended by hand', async function () {
    this.timeout(60_000);
    await control.restartKwok(WITHOUT_DELETE);
    await objects.patch('Job', 'brittle', { spec: { suspend: true } });
    await eventually(async () => (await podsOf('brittle')).every(ends), { within: 10_000 });
    const [pod] = await podsOf('brittle');
    assert.ok(pod);
    const terminated = { exitCode: 143, reason: 'Error' };
    const containerStatuses = [
      { name: 'work', image: 'work', imageID: '', ready: false, restartCount: 0, state: { running: null, terminated } },
    ];
    const status = { phase: 'Failed', containerStatuses };
    const path = `${objects.path('Pod')}/${pod.metadata.name}/status`;
    const contentType = 'application/strategic-merge-patch+json';
    const answer = await stage.client.call({ method: 'PATCH', path, body: { status }, contentType });
    assert.equal(answer.status, 200, answer.body);

    const failed = await objects.until('Job', 'brittle', isFailed);
    assert.ok(isFailed(failed));
  });

  /** FailureTarget is the controller's word that it will be Failed. */
  function isFailed({ status }: LiveObject): boolean {
    return (status?.conditions ?? []).some(
      ({ type, reason }) => (type === 'FailureTarget' || type === 'Failed') && reason === 'PodFailurePolicy',
    );
  }
});
