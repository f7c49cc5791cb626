import assert from 'node:assert/strict';
import { EU_ONLY, TWO_UNIONS, twoUnions } from '../../support/e2e-policy.ts';
import { eventually } from '../../support/eventually.ts';
import { byRegion, Stage } from '../../support/stage.ts';

describe('placement on a real kube-scheduler', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(TWO_UNIONS);
  });
  after(() => stage.close());

  async function placed(set: string, count: number, sketch: object = {}): Promise<Record<string, number>> {
    await stage.workloads.pods(set, count, { cpu: '10m', ...sketch });
    const counts = byRegion(await stage.workloads.scheduled(set, count));
    await stage.workloads.remove(set);
    return counts;
  }

  it('lets the weights decide where cost differs more than carbon', async () => {
    const policy = twoUnions({ costs: { 'eu-west-1': 3 } });
    const intensity = { PJM: 500, IE: 200, DE: 240 };

    // 50·1 + 20·⅓ against 50·⅚ + 20·1: docs/adr/0003-placement-score.md.
    await stage.play({ policy, intensity });
    assert.deepEqual(await placed('dear', 20, EU_ONLY), { 'eu-central-1': 20 });

    await stage.play({ policy: twoUnions({ costs: { 'eu-west-1': 1.1 } }), intensity });
    assert.deepEqual(await placed('cheap', 20, EU_ONLY), { 'eu-west-1': 20 });
  });

  it('follows a policy that is changed while it runs, and keeps the last good one', async () => {
    const intensity = { PJM: 500, IE: 200, DE: 240 };
    const lowtide = await stage.play({ policy: twoUnions({ costs: { 'eu-west-1': 3 } }), intensity });
    const metric = async (name: string): Promise<string> => {
      const text = await (await fetch(`${lowtide.operations}/metrics`)).text();
      return text.split('\n').find((line) => line.startsWith(name)) ?? '';
    };
    assert.deepEqual(await placed('before', 5, EU_ONLY), { 'eu-central-1': 5 });

    await stage.write('policy.yaml', { kind: 'Policy', regions: 1 });
    await eventually(
      async () => (await metric('lowtide_policy_refused_total')) === 'lowtide_policy_refused_total{reason="invalid"} 1',
      {
        within: 5_000,
      },
    );
    assert.deepEqual(await placed('refused', 5, EU_ONLY), { 'eu-central-1': 5 });

    await stage.write('policy.yaml', twoUnions());
    await eventually(async () => (await metric('lowtide_policy_generation')) === 'lowtide_policy_generation 2', {
      within: 5_000,
    });
    assert.deepEqual(await placed('after', 5, EU_ONLY), { 'eu-west-1': 5 });
  });

  it('avoids regions above the ceiling while one is below it, and holds nobody up where none is', async () => {
    const costs = { 'eu-west-1': 0.1 };
    const policy = twoUnions({ costs, scheduler: { regionlessNodes: 'refuse' } });
    await stage.play({ policy, intensity: { PJM: 500, IE: 250, DE: 190 } });

    // Cheap eu-west-1 wins on the weights; the ceiling takes it out.
    assert.deepEqual(await placed('free', 5), { 'eu-west-1': 5 });
    assert.deepEqual(await placed('low', 5, { annotations: { 'lowtide.dev/max-intensity': '200' } }), {
      'eu-central-1': 5,
    });
    assert.deepEqual(await placed('none', 5, { annotations: { 'lowtide.dev/max-intensity': '10' } }), {
      'eu-west-1': 5,
    });
  });

  it('says in the pod why nothing fits a hard ceiling, the same for all nodes of a reason', async () => {
    await stage.play({
      policy: twoUnions({ scheduler: { ceiling: 'hard', regionlessNodes: 'refuse' } }),
      intensity: { PJM: 500, IE: 250, DE: 190 },
    });
    await stage.workloads.pods('hard', 1, { annotations: { 'lowtide.dev/max-intensity': '10' } });

    const { message } = await stage.waiting('hard');
    await stage.workloads.remove('hard');

    assert.match(message, /0\/\d+ nodes are available: /);
    assert.match(message, /18 region exceeds the carbon ceiling/);
    assert.match(message, /\d+ node has no region label, and the policy refuses such nodes/);
    assert.match(message, /Preemption is not helpful/);
  });

  it('keeps a pod within its latency budget', async () => {
    const policy = twoUnions({ latency: { latency: { 'eu-central-1': '25ms', 'us-east-1': '70ms' } } });
    await stage.play({ policy, intensity: { PJM: 50, IE: 400, DE: 200 } });
    const budget = (ms: number): object => ({
      annotations: { 'lowtide.dev/latency-origin': 'eu-west-1', 'lowtide.dev/latency-budget': `${ms}ms` },
    });

    assert.deepEqual(await placed('near', 5, budget(10)), { 'eu-west-1': 5 });
    assert.deepEqual(await placed('nearer', 5, budget(69)), { 'eu-central-1': 5 });
  });
});
