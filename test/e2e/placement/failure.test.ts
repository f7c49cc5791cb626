import assert from 'node:assert/strict';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import { startLowtide } from '../../../hack/lowtide/process.ts';
import { CLEAN_WEST, EU_ONLY, TWO_UNIONS, twoUnions } from '../../support/e2e-policy.ts';
import { eventually } from '../../support/eventually.ts';
import { byRegion, Stage } from '../../support/stage.ts';

describe('when something fails', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(TWO_UNIONS);
  });
  after(() => stage.close());

  async function placed(set: string, count: number, sketch: object): Promise<Record<string, number>> {
    await stage.workloads.pods(set, count, sketch);
    const counts = byRegion(await stage.workloads.scheduled(set, count));
    await stage.workloads.remove(set);
    return counts;
  }

  it('pods are still scheduled while a killed extender is ignorable', async function () {
    controlOrSkip(this, stage.cluster);
    const lowtide = await stage.play({ policy: twoUnions(), intensity: CLEAN_WEST, stanza: { ignorable: true } });
    assert.deepEqual(await placed('alive', 5, EU_ONLY), { 'eu-west-1': 5 });

    await lowtide.stop('SIGKILL');

    const counts = await placed('dead', 10, EU_ONLY);
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      10,
    );
  });

  it('pods wait while a killed extender is not ignorable, and go on when it is back', async function () {
    controlOrSkip(this, stage.cluster);
    const act = { policy: twoUnions(), intensity: CLEAN_WEST, stanza: { ignorable: false } };
    const lowtide = await stage.play(act);
    await lowtide.stop('SIGKILL');
    await stage.workloads.pods('waiting', 5, EU_ONLY);

    const { reason } = await stage.waiting('waiting');
    assert.equal(reason, 'SchedulerError');
    assert.equal((await stage.workloads.states('waiting')).filter(({ node }) => node !== null).length, 0);

    const back = await startLowtide(`${lowtide.logFile}.2`, [
      ...['--kubeconfig', stage.cluster.kubeconfig, '--extender', new URL(lowtide.extender).host],
      ...['--policy', await stage.write('policy.yaml', act.policy)],
      ...['--config', await stage.write('back.yaml', { sources: [{ static: { values: CLEAN_WEST } }] })],
    ]);
    assert.deepEqual(byRegion(await stage.workloads.scheduled('waiting', 5)), { 'eu-west-1': 5 });
    await back.stop();
    await stage.workloads.remove('waiting');
  });

  it('requests in flight are answered at SIGTERM, and the process ends with 0', async () => {
    const lowtide = await stage.play({ policy: twoUnions(), intensity: CLEAN_WEST });
    const body = JSON.stringify({ Pod: { metadata: { name: 'p' } }, Nodes: null, NodeNames: ['eu-west-1-0'] });
    const ask = (): Promise<Response> =>
      fetch(`${lowtide.extender}/extender/v1/filter`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const outcomes: Promise<number>[] = [];
    for (let i = 0; i < 50; i += 1) outcomes.push(ask().then(({ status }) => status));
    await Promise.race(outcomes);

    const code = await lowtide.stop('SIGTERM');

    assert.equal(code, 0);
    const settled = await Promise.allSettled(outcomes);
    const refused = settled.filter(({ status }) => status === 'rejected').length;
    const answered = settled.filter((each) => each.status === 'fulfilled' && each.value === 200).length;
    // What had reached the service is answered; what had not connected yet is refused, never left hanging.
    assert.equal(answered + refused, 50);
    assert.ok(answered > 0);
  });

  it('an API server that goes away leaves the catalogue as it was, and is followed again when it is back', async function () {
    const control = controlOrSkip(this, stage.cluster);
    const lowtide = await stage.play({ policy: twoUnions(), intensity: CLEAN_WEST });
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${lowtide.operations}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    };
    assert.equal(await metric('lowtide_catalog_nodes'), 20);

    await control.stopApiServer();
    await eventually(async () => (await metric('lowtide_catalog_connected')) === 0, { within: 10_000 });
    assert.equal(await metric('lowtide_catalog_nodes'), 20);
    assert.equal((await fetch(`${lowtide.operations}/readyz`)).status, 200);

    await control.startApiServer();
    await eventually(async () => (await metric('lowtide_catalog_connected')) === 1, { within: 30_000 });
    const added = await stage.cluster.addNodes('eu-west-1=1');
    await eventually(async () => (await metric('lowtide_catalog_nodes')) === 21, { within: 10_000 });
    await stage.cluster.removeNodes(added);
    await eventually(async () => (await metric('lowtide_catalog_nodes')) === 20, { within: 10_000 });
  });
});
