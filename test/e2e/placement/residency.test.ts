import assert from 'node:assert/strict';
import { byRegion, Stage } from '../../support/stage.ts';

const NODES = 'eu-west-1=6,eu-central-1=6,us-east-1=6,-=2';
const POLICY = {
  apiVersion: 'lowtide.dev/v1alpha1',
  kind: 'Policy',
  regions: {
    'eu-west-1': { zone: 'IE', jurisdiction: 'eu', cost: 1.1 },
    'eu-central-1': { zone: 'DE', jurisdiction: 'eu', cost: 1.1 },
    'us-east-1': { zone: 'PJM', jurisdiction: 'us', cost: 1.0 },
  },
  residency: { sets: { 'eu-strict': { jurisdictions: ['eu'] } } },
};
/** The US is cleanest of all, eu-west-1 cleanest in the EU. */
const INTENSITY = { PJM: 50, IE: 200, DE: 400 };
const EU = { annotations: { 'lowtide.dev/residency': 'eu-strict' }, cpu: '10m' };

describe('an eu-strict workload on a real kube-scheduler', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(NODES);
    await stage.play({ policy: POLICY, intensity: INTENSITY });
  });
  after(() => stage.close());
  afterEach(async () => {
    await Promise.all(['bare', 'job', 'deployment', 'free', 'mars'].map((set) => stage.workloads.remove(set)));
  });

  it('lands in the cleanest EU region: 100 of 100 bare pods', async () => {
    await stage.workloads.pods('bare', 100, EU);

    assert.deepEqual(byRegion(await stage.workloads.scheduled('bare', 100)), { 'eu-west-1': 100 });
  });

  it('lands in the cleanest EU region: 100 of 100 pods of a Job', async () => {
    await stage.workloads.job('job', 100, EU);

    assert.deepEqual(byRegion(await stage.workloads.scheduled('job', 100)), { 'eu-west-1': 100 });
  });

  it('lands in the cleanest EU region: at least 95 of 100 pods of a Deployment, the others in the EU', async () => {
    await stage.workloads.deployment('deployment', 100, EU);

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
    assert.match(waiting.message, /0\/20 nodes are available: 20 the pod's residency names no set of the policy/);
  });
});
