import assert from 'node:assert/strict';
import { CLEAN_WEST, EU_ONLY, TWO_UNIONS, twoUnions } from '../../support/e2e-policy.ts';
import { byRegion, Stage } from '../../support/stage.ts';

describe('an eu-strict workload on a real kube-scheduler', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(TWO_UNIONS);
    await stage.play({ policy: twoUnions(), intensity: CLEAN_WEST });
  });
  after(() => stage.close());
  afterEach(async () => {
    await Promise.all(['bare', 'job', 'deployment', 'free', 'mars'].map((set) => stage.workloads.remove(set)));
  });

  it('lands in the cleanest EU region: 100 of 100 bare pods', async () => {
    await stage.workloads.pods('bare', 100, EU_ONLY);

    assert.deepEqual(byRegion(await stage.workloads.scheduled('bare', 100)), { 'eu-west-1': 100 });
  });

  it('lands in the cleanest EU region: 100 of 100 pods of a Job', async () => {
    await stage.workloads.job('job', 100, EU_ONLY);

    assert.deepEqual(byRegion(await stage.workloads.scheduled('job', 100)), { 'eu-west-1': 100 });
  });

  it('lands in the cleanest EU region: at least 95 of 100 pods of a Deployment, the others in the EU', async () => {
    await stage.workloads.deployment('deployment', 100, EU_ONLY);

    const counts = byRegion(await stage.workloads.scheduled('deployment', 100));

    const cleanest = counts['eu-west-1'] ?? 0;
    assert.ok(cleanest >= 95, `${cleanest} of 100`);
    assert.equal(cleanest + (counts['eu-central-1'] ?? 0), 100);
  });

  it('goes to the cleanest of all without residency', async () => {
    await stage.workloads.pods('free', 20, { cpu: '10m' });

    assert.deepEqual(byRegion(await stage.workloads.scheduled('free', 20)), { 'us-east-1': 20 });
  });

  it('waits with a reason that a person can read where no region is permitted', async () => {
    await stage.workloads.pods('mars', 1, { annotations: { 'lowtide.dev/residency': 'mars' } });

    const waiting = await stage.waiting('mars');

    assert.equal(waiting.reason, 'Unschedulable');
    assert.match(waiting.message, /0\/\d+ nodes are available: .*\d+ the pod's residency names no set of the policy/);
  });
});
