import assert from 'node:assert/strict';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import type { Explanation } from '../../../src/service/explain/types.ts';
import { eventually } from '../../support/eventually.ts';
import { HoldingStage } from '../../support/holding-stage.ts';
import { HOUR_MS, interruptible, isPaused, nightScene } from '../../support/interrupt-scene.ts';
import { decision, preferredRegion, word } from '../../support/live-object.ts';
import type { LiveObject } from '../../support/live-object.ts';
import { runLowtide } from '../../support/lowtide-command.ts';
import { job, lowtide } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const DIRTY = { IE: 500, DE: 450, PJM: 600 };
/** Dirty hours in which the service starts, a clean one in Ireland, a dirty one, then clean ones in Germany. */
const DAWN = 5;
const HOURS = [
  ...Array.from({ length: DAWN }, () => DIRTY),
  ...[{ ...DIRTY, IE: 50 }, DIRTY, { ...DIRTY, DE: 50 }, { ...DIRTY, DE: 50 }],
];
const NEAR_MS = 2_500;

function moment(time: string | null | undefined): number {
  return Date.parse(String(time));
}

function planOf({ plan }: Explanation): NonNullable<Explanation['plan']> {
  if (plan === null) throw new Error('there is no plan');
  return plan;
}

function regionOfTemplate({ spec }: LiveObject): unknown {
  return preferredRegion(spec.template?.spec ?? {});
}

describe('lowtide explain beside a controller that acts', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  before(async function () {
    this.timeout(60_000);
    stage = await HoldingStage.open();
    ({ objects } = stage);
    service = await stage.play(await nightScene(stage, { hours: HOURS, rest: DIRTY, forecast: 'perfect' }));
    const annotations = lowtide({ 'expected-duration': `${2.2 * HOUR_MS}ms`, energy: '2kWh' });
    await objects.create(interruptible('shards', { annotations, runs: 9 }));
  });
  after(() => stage.close());

  /** Hours pass in seconds here: too fast for a command to start. */
  async function ask(kind: string, name: string): Promise<Explanation> {
    const query = new URLSearchParams({ kind, name, namespace: objects.namespace }).toString();
    const response = await fetch(`${service.operations}/api/v1/explain?${query}`);
    assert.equal(response.status, 200);
    return (await response.json()) as Explanation;
  }

  const explain = (work: string, ...args: readonly string[]) =>
    runLowtide('explain', work, '-n', objects.namespace, '--server', service.operations, ...args);

  it('tells of a held Job what the controller then does: when, where and why', async () => {
    const annotations = lowtide({ class: 'patient', 'expected-duration': `${0.8 * HOUR_MS}ms`, energy: '2kWh' });
    await objects.create(job('train', { annotations, runs: 600 }));

    const told = await ask('job', 'train');

    assert.equal(told.verdict, 'held');
    assert.equal(told.act, 'wait');
    assert.equal(told.reason?.code, 'cleaner-later');
    assert.equal(decision(await objects.get('Job', 'train')).reason, told.reason.code);
    const { runs, mean } = planOf(told);
    assert.equal(runs[0]?.region, 'eu-west-1');
    assert.ok(Math.abs(Number(mean) - 50) < 1, `mean ${String(mean)}`);
    assert.equal(told.intent.class, 'patient');
    assert.ok(told.regions.every(({ refused }) => refused === null));

    const released = await objects.until('Job', 'train', ({ spec }) => spec.suspend !== true, (DAWN + 2) * HOUR_MS);
    const at = word(released, 'released-at');
    assert.ok(Math.abs(moment(at) - moment(told.expected)) < NEAR_MS, `${String(told.expected)}, not ${String(at)}`);
    assert.equal(regionOfTemplate(released), 'eu-west-1');
  });

  it('tells of a running Job that it will be paused, and where it goes on', async () => {
    await objects.until('Job', 'shards', ({ status }) => status?.active === 1, 2 * HOUR_MS);

    // Before its least run it goes on in any case.
    const answers: Explanation[] = [];
    const meansToPause = async (): Promise<boolean> => {
      answers.unshift(await ask('job', 'shards'));
      return answers[0]?.plan?.runs.length === 2;
    };
    await eventually(meansToPause, { within: HOUR_MS });
    const [told] = answers;
    assert.equal(told?.verdict, 'running');
    assert.equal(told.act, 'go');
    assert.equal(told.plan?.asked, 'interruptible');
    assert.deepEqual([told.pausing, told.moving], Array(2).fill({ may: true, reason: null }));
    assert.deepEqual(
      told.plan.runs.map(({ region }) => region),
      ['eu-west-1', 'eu-central-1'],
    );

    await objects.until('Job', 'shards', isPaused, 2 * HOUR_MS);
    const paused = await ask('job', 'shards');
    assert.equal(paused.verdict, 'paused');
    assert.equal(paused.progress.pauses, 1);
    assert.equal(paused.plan?.runs[0]?.region, 'eu-central-1');
    const resumed = await objects.until('Job', 'shards', ({ spec }) => spec.suspend !== true, 3 * HOUR_MS);
    assert.equal(regionOfTemplate(resumed), 'eu-central-1');
  });

  it('tells afterwards, as a command, why it was let go', async () => {
    const { code, out, err } = await explain('job/train', '--json');

    assert.equal(code, 0, err);
    const told = JSON.parse(out) as Explanation;
    assert.equal(told.verdict, 'running');
    assert.equal(told.decided, 'noted');
    assert.equal(told.reason?.code, decision(await objects.get('Job', 'train')).reason);
    assert.deepEqual([told.act, told.until, told.plan], [null, null, null]);
  });

  it('says of what it leaves alone why, of a pod that its Job decides, and when there is none', async () => {
    await objects.create(job('plain', { runs: 60 }));
    await objects.until('Job', 'plain', ({ status }) => status?.active === 1, 10_000);
    const [pod] = await objects.list('Pod', 'plain');

    const plain = await ask('job', 'plain');
    assert.deepEqual([plain.verdict, plain.reason?.code], ['not-ours', 'not-opted-in']);
    const ofJob = await ask('pod', pod?.metadata.name ?? '');
    assert.equal(ofJob.verdict, 'not-ours');

    const none = await explain('job/none');
    assert.equal(none.code, 1);
    assert.equal(none.err, 'lowtide: job/none: there is no such object (look at its kind, namespace and name)\n');
  });

  it('says in one line that the cluster has no such service', async () => {
    const { code, err } = await runLowtide('explain', 'job/train', '--kubeconfig', stage.cluster.kubeconfig);

    assert.equal(code, 1);
    assert.match(
      err,
      /^lowtide: service lowtide\/lowtide-extender:operations is not answered by Lowtide: .*--service.*\n$/,
    );
  });
});
