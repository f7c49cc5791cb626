import assert from 'node:assert/strict';
import { chooseBackend, existingKubeconfig } from '../../../hack/cluster/backend.ts';

describe('chooseBackend', () => {
  const cases = {
    'is our own control plane when nothing is asked for': { env: {}, want: 'own' },
    'is kind when asked for': { env: { E2E_CLUSTER: 'kind' }, want: 'kind' },
    'is an existing cluster when asked for': { env: { E2E_CLUSTER: 'existing' }, want: 'existing' },
    'does not change with an ambient KUBECONFIG': { env: { KUBECONFIG: '/production' }, want: 'own' },
  };
  for (const [name, { env, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(chooseBackend(env), want);
    });
  }

  it('refuses another and lists those there are', () => {
    assert.throws(() => chooseBackend({ E2E_CLUSTER: 'k3d' }), /E2E_CLUSTER=k3d: choose one of own, kind, existing/);
  });
});

describe('existingKubeconfig', () => {
  it('is the file that E2E_KUBECONFIG names', () => {
    assert.equal(existingKubeconfig({ E2E_KUBECONFIG: '/test', KUBECONFIG: '/production' }), '/test');
  });

  it('is never an ambient KUBECONFIG', () => {
    assert.throws(() => existingKubeconfig({ KUBECONFIG: '/production' }), /needs E2E_KUBECONFIG/);
  });
});
