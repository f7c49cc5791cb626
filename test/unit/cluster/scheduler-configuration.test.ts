import assert from 'node:assert/strict';
import { runnableConfiguration } from '../../../hack/controlplane/scheduler-configuration.ts';

const ours = { qps: 1000, burst: 2000, kubeconfig: '/ours' };

describe('runnableConfiguration', () => {
  it('makes a configuration of nothing', () => {
    assert.deepEqual(runnableConfiguration({}, '/ours'), {
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      leaderElection: { leaderElect: false },
      clientConnection: ours,
    });
  });

  it('puts our kubeconfig in place of the one that is named', () => {
    const configuration = { clientConnection: { kubeconfig: '/etc/kubernetes/scheduler.conf' } };

    assert.deepEqual(runnableConfiguration(configuration, '/ours')['clientConnection'], ours);
  });

  it('keeps a client rate that is named', () => {
    const { clientConnection } = runnableConfiguration({ clientConnection: { qps: 50 } }, '/ours');

    assert.deepEqual(clientConnection, { ...ours, qps: 50 });
  });

  it('switches leader election off and keeps its other settings', () => {
    const { leaderElection } = runnableConfiguration({ leaderElection: { leaderElect: true, resourceName: 'x' } }, '/');

    assert.deepEqual(leaderElection, { leaderElect: false, resourceName: 'x' });
  });

  it('leaves everything else as it is', () => {
    const extenders = [{ urlPrefix: 'http://127.0.0.1:1', enableHTTPS: false }];

    assert.deepEqual(runnableConfiguration({ extenders, parallelism: 4 }, '/')['extenders'], extenders);
    assert.equal(runnableConfiguration({ extenders, parallelism: 4 }, '/')['parallelism'], 4);
  });

  const refused = {
    'another kind': { configuration: { kind: 'Policy' }, want: /kind/ },
    'another version': { configuration: { apiVersion: 'kubescheduler.config.k8s.io/v1beta3' }, want: /apiVersion/ },
    'a list': { configuration: [], want: /document/ },
    'a text': { configuration: 'extenders', want: /document/ },
  };
  for (const [name, { configuration, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => runnableConfiguration(configuration, '/'), want);
    });
  }
});
