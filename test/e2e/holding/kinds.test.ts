import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { decision, gates, isHeld, isMarked, regionOf, requiredRegions, word } from '../../support/live-object.ts';
import type { LiveObject } from '../../support/live-object.ts';
import { cronJob, deployment, job, lowtide, pod } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';
import { ReleaseWatch } from '../../support/release-watch.ts';

/** Germany is clean, the rest never is. */
const GRID = { IE: 400, DE: 100, PJM: 600 };
const DIRTY = { residency: 'us-only' };
const BRIEF_MS = 8_000;
const PROMISED_MS = 2_000;
const MINUTE_MS = 60_000;
const EXPECTED_MS = 10_000;

describe('kinds of work, each as it is', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let watch: ReleaseWatch;
  /** By then every CronJob has made three Jobs. */
  let ticked: number;
  before(async () => {
    stage = await HoldingStage.open();
    ({ objects } = stage);
    watch = new ReleaseWatch(stage.client, [objects.path('Job'), objects.path('Pod')]);
    await stage.play({ policy: holdingPolicy(), intensity: GRID });
    // Their ticks pass while the other kinds are looked at.
    const annotations = lowtide({ class: 'patient', ...DIRTY });
    const known = { ...annotations, ...lowtide({ 'expected-duration': `${EXPECTED_MS / 1000}s` }) };
    ticked = Date.now() + 3 * MINUTE_MS + 10_000;
    await objects.create(cronJob('allow', 'Allow', { annotations, runs: 3 }));
    await objects.create(cronJob('forbid', 'Forbid', { annotations: known, runs: 3 }));
    await objects.create(cronJob('replace', 'Replace', { annotations: known, runs: 3 }));
    await objects.create(cronJob('unknown', 'Forbid', { annotations, runs: 3 }));
  });
  after(async () => {
    await watch.close();
    await stage.close();
  });

  const brief = lowtide({ class: 'brief', ...DIRTY });

  async function freed(kind: string, name: string): Promise<LiveObject> {
    const object = await objects.until(kind, name, (each) => !isHeld(each), BRIEF_MS + 10_000);
    await watch.untilFree(name);
    const late = (watch.named(name)?.freeAt ?? Infinity) - Date.parse(object.metadata.creationTimestamp) - BRIEF_MS;
    assert.ok(late >= 0 && late <= PROMISED_MS, `${name} went ${late} ms after its maximum delay`);
    return object;
  }

  async function podsOf(set: string, count: number): Promise<readonly LiveObject[]> {
    let pods: readonly LiveObject[] = [];
    const look = async (): Promise<void> => {
      pods = await objects.list('Pod', set);
      assert.equal(pods.length, count);
    };
    await eventually(look, { within: 10_000 });
    return pods;
  }

  /** The watch may hear of an object later than a list shows it. */
  async function neverHeld({ metadata: { name } }: LiveObject): Promise<void> {
    await eventually(() => watch.named(name) !== undefined, { within: 10_000 });
    assert.equal(watch.named(name)?.heldAt, null, name);
  }

  async function landed(set: string, count: number): Promise<readonly (string | null)[]> {
    let regions: readonly (string | null)[] = [];
    const look = async (): Promise<void> => {
      regions = (await objects.list('Pod', set)).map(regionOf);
      assert.equal(regions.filter((region) => region !== null).length, count);
    };
    await eventually(look, { within: 20_000 });
    return regions;
  }

  it('a bare pod waits behind the gate, its residency required, and goes at its maximum delay', async () => {
    await objects.create(pod('bare', { annotations: brief }));
    const held = await objects.get('Pod', 'bare');
    assert.deepEqual(gates(held), ['lowtide.dev/carbon']);
    assert.deepEqual(requiredRegions(held.spec), [['us-east-1']]);

    await freed('Pod', 'bare');

    assert.deepEqual(await landed('bare', 1), ['us-east-1']);
  });

  it("a pod that waits for Kueue as well loses our gate alone, and stays Kueue's", async () => {
    const schedulingGates = [{ name: 'kueue.x-k8s.io/admission' }];
    await objects.create(pod('queued', { annotations: brief, pod: { schedulingGates } }));
    assert.deepEqual(gates(await objects.get('Pod', 'queued')).toSorted(), [
      'kueue.x-k8s.io/admission',
      'lowtide.dev/carbon',
    ]);

    const free = await freed('Pod', 'queued');

    assert.deepEqual(gates(free), ['kueue.x-k8s.io/admission']);
    assert.equal(regionOf(free), null);
  });

  it("an annotated Deployment is not held; its pods keep to their residency's regions", async () => {
    await objects.create(deployment('shop', 2, { annotations: lowtide({ class: 'patient', ...DIRTY }) }));

    assert.deepEqual(await landed('shop', 2), ['us-east-1', 'us-east-1']);
    for (const each of await podsOf('shop', 2)) await neverHeld(each);
  });

  it('a Deployment that asks for it is held at its first rollout, within its progress deadline, and never again', async () => {
    const annotations = lowtide({ class: 'patient', hold: 'true', ...DIRTY });
    const spec = { progressDeadlineSeconds: 12 };
    await objects.create(deployment('batchd', 2, { annotations, spec }));
    const first = await podsOf('batchd', 2);
    for (const each of first) assert.deepEqual(gates(each), ['lowtide.dev/carbon']);

    assert.deepEqual(await landed('batchd', 2), ['us-east-1', 'us-east-1']);

    for (const each of first) {
      const { metadata } = each;
      await watch.untilFree(metadata.name);
      const waited = (watch.named(metadata.name)?.freeAt ?? Infinity) - Date.parse(metadata.creationTimestamp);
      assert.ok(waited > 5_000 && waited < 12_000, `${metadata.name} waited ${waited} ms`);
    }
    await objects.until('Deployment', 'batchd', ({ status }) =>
      (status?.conditions ?? []).some(({ type, status: state }) => type === 'Available' && state === 'True'),
    );
    await objects.patch('Deployment', 'batchd', { spec: { template: { metadata: { annotations: { turn: '2' } } } } });
    const second = async (): Promise<boolean> => {
      const pods = await objects.list('Pod', 'batchd');
      const fresh = pods.filter(({ metadata }) => metadata.annotations?.['turn'] === '2');
      return fresh.length === 2 && fresh.every((each) => regionOf(each) !== null && gates(each).length === 0);
    };
    await eventually(second, { within: 8_000 });
  });

  it("a Job with a bound zonal volume waits for the volume's region alone, and runs there", async () => {
    await zonalVolume('disk', 'eu-west-1');
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'disk' } }];
    const annotations = lowtide({ class: 'brief', residency: 'eu-strict' });
    await objects.create(job('zonal', { annotations, runs: 60, pod: { volumes } }));

    const held = await objects.get('Job', 'zonal');
    assert.ok(isHeld(held), 'Germany is clean, but its disk is in Ireland');
    assert.equal(decision(held).region, 'eu-west-1');

    await freed('Job', 'zonal');
    assert.deepEqual(await landed('zonal', 1), ['eu-west-1']);
  });

  async function zonalVolume(name: string, region: string): Promise<void> {
    const resources = { storage: '1Gi' };
    const matchExpressions = [{ key: 'topology.kubernetes.io/region', operator: 'In', values: [region] }];
    const shared = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
    const spec = {
      ...shared,
      capacity: resources,
      hostPath: { path: `/${name}` },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
    };
    await objects.create({ kind: 'PersistentVolume', metadata: { name }, spec });
    const claim = { ...shared, volumeName: name, resources: { requests: resources } };
    await objects.create({ kind: 'PersistentVolumeClaim', metadata: { name }, spec: claim });
    await objects.until(
      'PersistentVolumeClaim',
      name,
      ({ status }) => (status as { phase?: string }).phase === 'Bound',
    );
  }

  const hooks = {
    'a Helm hook': { 'helm.sh/hook': 'pre-install' },
    'an Argo CD hook': { 'argocd.argoproj.io/hook': 'PreSync' },
  };
  for (const [what, hook] of Object.entries(hooks)) {
    it(`${what} runs at once: an installation waits for it`, async () => {
      const name = Object.keys(hook)[0]?.startsWith('helm') === true ? 'helm' : 'argo';
      await objects.create(job(name, { annotations: { ...brief, ...hook }, runs: 60 }));

      assert.ok(!isHeld(await objects.get('Job', name)));
      assert.deepEqual(await landed(name, 1), ['us-east-1']);
    });
  }

  it('an indexed Job with 50 completions is held as one, and all its pods go together, none held again', async () => {
    const spec = { completionMode: 'Indexed', completions: 50, parallelism: 50 };
    await objects.create(job('indexed', { annotations: brief, spec, runs: 60 }));
    assert.ok(isHeld(await objects.get('Job', 'indexed')));
    assert.equal((await objects.list('Pod', 'indexed')).length, 0);

    await freed('Job', 'indexed');

    assert.deepEqual(new Set(await landed('indexed', 50)), new Set(['us-east-1']));
    for (const each of await podsOf('indexed', 50)) await neverHeld(each);
  });

  it("a Job that its owner suspended stays its owner's", async () => {
    const said = await objects.create(job('paused', { annotations: brief, spec: { suspend: true } }));
    const created = await objects.get('Job', 'paused');
    assert.ok(created.spec.suspend);
    assert.ok(!isMarked(created));
    assert.doesNotMatch(said.join('\n'), /holds this/);
    // Longer than its class would have let it wait; others are let go in the meantime.
    await objects.create(pod('meanwhile', { annotations: brief }));
    await freed('Pod', 'meanwhile');

    const later = await objects.get('Job', 'paused');

    assert.ok(later.spec.suspend);
    assert.equal(word(later, 'released-at'), undefined);
  });

  it("a Job of Kueue is not held, but its pods keep to their residency's regions", async () => {
    const labels = { 'kueue.x-k8s.io/queue-name': 'night' };
    await objects.create(job('kueue', { annotations: brief, labels, runs: 60 }));

    assert.ok(!isHeld(await objects.get('Job', 'kueue')));
    assert.deepEqual(await landed('kueue', 1), ['us-east-1']);
    const [only] = await podsOf('kueue', 1);
    assert.deepEqual(requiredRegions(only?.spec ?? {}), [['us-east-1']]);
  });

  async function jobsOf(cron: string, count: number): Promise<readonly LiveObject[]> {
    let jobs: readonly LiveObject[] = [];
    const look = async (): Promise<void> => {
      jobs = await objects.list('Job', cron);
      assert.ok(jobs.length >= count, `${cron} has made ${jobs.length} Jobs`);
      assert.ok(jobs.every(({ metadata }) => watch.named(metadata.name) !== undefined));
    };
    await eventually(look, { within: ticked - Date.now() });
    return jobs.toSorted((a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp));
  }

  for (const cron of ['forbid', 'replace']) {
    it(`CronJobs that ${cron}: each Job is held, and goes in time before the next`, async function () {
      this.timeout(4 * MINUTE_MS);
      const jobs = await jobsOf(cron, 3);

      assert.equal(jobs.length, 3);
      for (const [index, each] of jobs.entries()) {
        const { name, creationTimestamp } = each.metadata;
        const created = Date.parse(creationTimestamp);
        const next = (Math.floor(created / MINUTE_MS) + 1) * MINUTE_MS;
        const { heldAt, freeAt, releases } = watch.named(name) ?? {};
        assert.ok(heldAt !== undefined && heldAt !== null, `${name} was never held`);
        const until = Date.parse(decision(each).until);
        assert.ok(until <= next - EXPECTED_MS && until > created, `${name} was to wait until ${decision(each).until}`);
        if (index === 2) continue;
        assert.ok(typeof freeAt === 'number' && freeAt <= next - EXPECTED_MS + PROMISED_MS, `${name} went too late`);
        assert.equal(releases, 1);
        assert.equal(decision(each).reason, 'hold-limit-reached');
        assert.equal(each.status?.succeeded, 1, `${name} did not end before the next tick`);
      }
    });
  }

  it('CronJobs that allow: one Job waits, the next run at once', async function () {
    this.timeout(4 * MINUTE_MS);
    const jobs = await jobsOf('allow', 3);

    const held = jobs.map(({ metadata }) => typeof watch.named(metadata.name)?.heldAt === 'number');
    assert.deepEqual(held.slice(0, 3), [true, false, false]);
    const [first] = jobs;
    assert.ok(first && isHeld(first));
  });

  it('CronJobs that forbid, and whose running time nobody knows, are not held', async function () {
    this.timeout(4 * MINUTE_MS);
    const jobs = await jobsOf('unknown', 3);

    for (const each of jobs) await neverHeld(each);
  });
});
