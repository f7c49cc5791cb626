import assert from 'node:assert/strict';
import { admissionIn, admitPod, creation, podObject } from '../../support/admission.ts';
import type { AdmissionSketch } from '../../support/admission.ts';

const STRICT: AdmissionSketch = {
  namespaces: {
    strict: { managed: true, enforced: true, annotations: { 'lowtide.dev/residency': 'eu-strict' } },
    unknown: null,
    stale: { managed: true },
  },
};
const KUEUE = { 'kueue.x-k8s.io/queue-name': 'q' };
const on = (nodeName: string) => ({ spec: { nodeName } });

interface NodeCase {
  pod: ReturnType<typeof podObject>;
  namespace?: string;
  wantMessage?: RegExp;
}
const NODES: Record<string, NodeCase> = {
  'a node inside the residency may be named': { pod: podObject(on('west')) },
  'a node outside of it may not': {
    pod: podObject(on('east')),
    wantMessage: /node east in region us-east-1 is not permitted: region's jurisdiction is outside/,
  },
  'nor one without a region': { pod: podObject(on('nowhere')), wantMessage: /node nowhere is not permitted/ },
  'nor one that nobody knows': { pod: podObject(on('mars')), wantMessage: /not in the catalogue/ },
  'nor by a pod of Kueue': { pod: podObject({ ...on('east'), labels: KUEUE }), wantMessage: /not permitted/ },
  'nor by a pod that claims to be a kubelet’s': {
    pod: podObject({ ...on('east'), annotations: { 'kubernetes.io/config.source': 'file' } }),
    wantMessage: /not permitted/,
  },
  'nothing passes of a namespace that is not known yet': {
    pod: podObject(on('west')),
    namespace: 'unknown',
    wantMessage: /does not know namespace unknown yet as one that enforces; try again/,
  },
  'nor of one that is not known to enforce yet': {
    pod: podObject(on('west')),
    namespace: 'stale',
    wantMessage: /does not know namespace stale yet as one that enforces; try again/,
  },
};

describe('in an enforced namespace', () => {
  for (const purpose of ['enforced', 'guard'] as const) {
    for (const [title, { pod, namespace = 'strict', wantMessage }] of Object.entries(NODES)) {
      it(`${title} (${purpose})`, async () => {
        const { refusal, patch } = await admitPod(pod, STRICT, { namespace, purpose });

        if (wantMessage === undefined) assert.equal(refusal, null);
        else assert.match(refusal?.message ?? '', wantMessage);
        if (purpose === 'guard') assert.deepEqual(patch, []);
      });
    }
  }

  it('a wider residency is refused, of a pod of Kueue too', async () => {
    for (const labels of [{}, KUEUE]) {
      const pod = podObject({ annotations: { 'lowtide.dev/residency': 'global' }, labels });

      const { refusal } = await admitPod(pod, STRICT, { namespace: 'strict', purpose: 'enforced' });

      assert.equal(refusal?.code, 403);
      assert.match(refusal.message, /limit: lowtide.dev\/residency of namespace strict/);
    }
  });

  it('its residency is required of every pod, Kueue’s too, and written down on the pod', async () => {
    const { after } = await admitPod(podObject({ labels: KUEUE }), STRICT, { namespace: 'strict' });

    assert.equal(after.metadata.annotations?.['lowtide.dev/residency'], 'eu-strict');
    const { nodeAffinity } = after.spec['affinity'] as { nodeAffinity: Record<string, unknown> };
    const values = ['eu-west-1', 'eu-central-1'];
    assert.deepEqual(nodeAffinity['requiredDuringSchedulingIgnoredDuringExecution'], {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'topology.kubernetes.io/region', operator: 'In', values }] }],
    });
  });
});

describe('a binding that is not kube-scheduler’s', () => {
  const pods = { 'strict/work': podObject() };
  async function bind(
    node: string,
    part: Parameters<typeof creation>[1],
    sketch: AdmissionSketch = { ...STRICT, pods },
  ) {
    const binding = { metadata: { name: 'work' }, target: { kind: 'Node', name: node } };
    const request = creation(binding, { subResource: 'binding', namespace: 'strict', ...part });
    return admissionIn(sketch).answer('pods', 'guard', request);
  }

  it('passes to a permitted node', async () => {
    assert.equal((await bind('west', {})).refusal, null);
  });

  it('is refused to another, also as a resource of its own', async () => {
    assert.equal((await bind('east', {})).refusal?.code, 403);
    assert.equal((await bind('east', { resource: 'bindings', subResource: '' })).refusal?.code, 403);
  });

  it('is refused of a pod that is not there', async () => {
    assert.equal((await bind('west', { name: 'gone' })).refusal?.code, 404);
  });

  it('is refused in a namespace that is not known yet, or not as one that enforces', async () => {
    for (const namespace of ['unknown', 'stale']) {
      assert.equal((await bind('west', { namespace })).refusal?.code, 503);
    }
  });

  it('is left to the webhook’s failure policy where the pod cannot be had', async () => {
    const podOf = () => Promise.reject(new Error('no answer'));

    await assert.rejects(bind('west', {}, { ...STRICT, podOf }), /no answer/);
  });
});

describe('where nothing is enforced', () => {
  it('a node outside the residency is warned of, and required affinity is written all the same', async () => {
    const pod = podObject({ ...on('east'), annotations: { 'lowtide.dev/residency': 'eu-strict' } });

    const { refusal, warnings, after } = await admitPod(pod);

    assert.equal(refusal, null);
    assert.match(warnings.at(-1) ?? '', /node east in region us-east-1 is not permitted/);
    assert.ok(after.spec['affinity']);
  });
});
