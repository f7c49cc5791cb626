import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import { SCHEDULER_FILES, schedulerConfiguration } from '../../../hack/lowtide/scheduler-stanza.ts';
import type { SchedulerFile } from '../../../hack/lowtide/scheduler-stanza.ts';
import { certificateFiles } from '../../support/certificates.ts';
import { CLEAN_WEST, EU_ONLY, TWO_UNIONS, twoUnions } from '../../support/e2e-policy.ts';
import { byRegion, Stage } from '../../support/stage.ts';

const ACT = { policy: twoUnions(), intensity: CLEAN_WEST };

describe('the shipped scheduler configurations, each started with the real kube-scheduler', () => {
  let stage: Stage;
  const tried = new Set<SchedulerFile>();
  before(async () => {
    stage = await Stage.open(TWO_UNIONS);
  });
  after(() => stage.close());

  async function placed(set: string, sketch: object): Promise<Record<string, number>> {
    await stage.workloads.pods(set, 10, { ...EU_ONLY, ...sketch });
    const counts = byRegion(await stage.workloads.scheduled(set, 10));
    await stage.workloads.remove(set);
    return counts;
  }

  async function requests(operations: string): Promise<number> {
    const text = await (await fetch(`${operations}/metrics`)).text();
    return Number(/^lowtide_extender_requests_total\{verb="filter",code="200"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  }

  it('all-pods: every pod goes through Lowtide', async function () {
    controlOrSkip(this, stage.cluster);
    tried.add('all-pods');
    const lowtide = await stage.play({ ...ACT, scheduler: 'all-pods' });

    assert.deepEqual(await placed('all', {}), { 'eu-west-1': 10 });
    assert.ok((await requests(lowtide.operations)) >= 10);
  });

  it('marked-pods: marked pods go through Lowtide although no node has the resource, others never reach it', async function () {
    controlOrSkip(this, stage.cluster);
    tried.add('marked-pods');
    const lowtide = await stage.play({ ...ACT, scheduler: 'marked-pods' });

    await placed('unmarked', {});
    assert.equal(await requests(lowtide.operations), 0);
    assert.deepEqual(await placed('marked', { marked: true }), { 'eu-west-1': 10 });
  });

  it('tls: the scheduler shows its certificate, and who has none is turned away', async function () {
    controlOrSkip(this, stage.cluster);
    tried.add('tls');
    const { ca, cert, key } = await certificateFiles(stage.cluster.stateDir);
    const tls = { certFile: cert, keyFile: key, clientCaFile: ca };
    const tlsConfig = { caFile: ca, certFile: cert, keyFile: key };

    const lowtide = await stage.play({
      ...ACT,
      config: { extender: { tls } },
      scheduler: 'tls',
      stanza: { tlsConfig, ignorable: false },
    });

    assert.match(lowtide.extender, /^https:/);
    assert.deepEqual(await placed('secret', {}), { 'eu-west-1': 10 });
    await stage.schedule(lowtide.extender, {
      scheduler: 'tls',
      stanza: { tlsConfig: { caFile: ca }, ignorable: false },
    });
    await stage.workloads.pods('stranger', 1, EU_ONLY);
    assert.equal((await stage.waiting('stranger')).reason, 'SchedulerError');
    await stage.workloads.remove('stranger');
  });

  it('second-scheduler: serves the pods that name it, beside an untouched default one', async function () {
    const control = controlOrSkip(this, stage.cluster);
    tried.add('second-scheduler');
    const lowtide = await stage.play(ACT);
    await control.scheduler('default')?.stop();
    await control.startScheduler('default', {});
    const second = await control.startScheduler(
      'second',
      await schedulerConfiguration('second-scheduler', lowtide.extender),
    );

    await placed('untouched', {});
    assert.equal(await requests(lowtide.operations), 0);
    assert.deepEqual(await placed('chosen', { schedulerName: 'lowtide-scheduler' }), { 'eu-west-1': 10 });
    await second.stop();
  });

  it('whole nodes: the same placement with nodeCacheCapable false', async function () {
    controlOrSkip(this, stage.cluster);
    await stage.play({ ...ACT, stanza: { nodeCacheCapable: false } });

    assert.deepEqual(await placed('whole', {}), { 'eu-west-1': 10 });
  });

  it('a Deployment splits under a small weight, and does not under the shipped one', async function () {
    controlOrSkip(this, stage.cluster);
    // Scores 10 against 9: what a point is worth decides, against spreading.
    const near = { PJM: 500, IE: 200, DE: 210 };
    const split = async (weight: number): Promise<number> => {
      await stage.play({ policy: twoUnions(), intensity: near, stanza: { weight } });
      await stage.workloads.deployment('spread', 40, EU_ONLY);
      const counts = byRegion(await stage.workloads.scheduled('spread', 40));
      await stage.workloads.remove('spread');
      return counts['eu-west-1'] ?? 0;
    };
    const shipped = load(
      await readFile(join(import.meta.dirname, '../../../config/scheduler/all-pods.yaml'), 'utf8'),
    ) as { extenders: { weight: number }[] };

    assert.ok((await split(10)) < 40);
    assert.equal(await split(shipped.extenders[0]?.weight ?? 0), 40);
  });

  it('has tried every file there is', function () {
    controlOrSkip(this, stage.cluster);
    assert.deepEqual([...tried].sort(), [...SCHEDULER_FILES].sort());
  });
});
