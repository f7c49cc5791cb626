import assert from 'node:assert/strict';
import {
  admitJob,
  admitPod,
  CLASSES,
  cleanWorld,
  dirtyWorld,
  jobObject,
  podObject,
  REGION_LABEL,
} from '../../support/admission.ts';
import type { JsonObject } from '../../support/admission.ts';
import { isIn, required, term } from '../../support/hold.ts';
import { FakeCatalog, policy } from '../../support/world.ts';

const DEFERRABLE = { 'lowtide.dev/class': 'deferrable' };
const EU = { 'lowtide.dev/residency': 'eu-strict' };
const IN_EU = isIn(REGION_LABEL, 'eu-west-1', 'eu-central-1');
const MARK = 'lowtide.dev/placement';

interface Affinity {
  requiredDuringSchedulingIgnoredDuringExecution?: unknown;
  preferredDuringSchedulingIgnoredDuringExecution?: {
    weight: number;
    preference: { matchExpressions: { values: string[] }[] };
  }[];
}

function affinityOf(pod: JsonObject): Affinity {
  return (pod.spec['affinity'] as { nodeAffinity?: Affinity } | undefined)?.nodeAffinity ?? {};
}

function preferredRegions(pod: JsonObject): readonly string[] {
  const terms = affinityOf(pod).preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.flatMap(({ preference }) => preference.matchExpressions.flatMap(({ values }) => values));
}

describe('placement at admission', () => {
  it('requires residency beside whatever each term of the pod requires', async () => {
    const ssd = isIn('disk', 'ssd');
    const gpu = { key: 'gpu', operator: 'Exists' };
    const spec = { affinity: { nodeAffinity: required(term(ssd), term(gpu)), podAntiAffinity: {} } };

    const { after } = await admitPod(podObject({ annotations: EU, spec }));

    const { requiredDuringSchedulingIgnoredDuringExecution: terms } = affinityOf(after);
    assert.deepEqual(terms, { nodeSelectorTerms: [term(ssd, IN_EU), term(gpu, IN_EU)] });
    assert.deepEqual((after.spec['affinity'] as Record<string, unknown>)['podAntiAffinity'], {});
  });

  it('prefers the permitted regions that have nodes, best first', async () => {
    const { after } = await admitPod(podObject({ annotations: EU }), { world: cleanWorld() });

    assert.deepEqual(preferredRegions(after), ['eu-west-1', 'eu-central-1']);
  });

  it('prefers no region in which the volumes of the pod are not', async () => {
    const volumes = [[term(isIn(REGION_LABEL, 'eu-central-1'))]];
    const spec = { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] };

    const { after } = await admitPod(podObject({ annotations: EU, spec }), { world: cleanWorld(), volumes });

    assert.deepEqual(preferredRegions(after), ['eu-central-1']);
  });

  it('prefers the least bad region where all are above the ceiling', async () => {
    const world = dirtyWorld({ policy: policy({ classes: CLASSES, scheduler: { ceiling: 'hard' } }) });
    const annotations = { ...DEFERRABLE, 'lowtide.dev/hold': 'false' };

    const { after } = await admitPod(podObject({ annotations }), { world });

    assert.equal(preferredRegions(after)[0], 'eu-west-1');
  });

  it('leaves a pod’s own preference for regions alone', async () => {
    const own = { weight: 5, preference: term(isIn(REGION_LABEL, 'us-east-1')) };
    const nodeAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [own] };

    const { after } = await admitPod(podObject({ annotations: EU, spec: { affinity: { nodeAffinity } } }));

    assert.deepEqual(affinityOf(after).preferredDuringSchedulingIgnoredDuringExecution, [own]);
  });

  const UNPREFERRED = {
    'a held pod: its release does': podObject({ annotations: { ...DEFERRABLE, ...EU } }),
    'a pod of a DaemonSet': podObject({ annotations: EU, owner: 'apps/v1 DaemonSet' }),
    'a pod with a node': podObject({ annotations: EU, spec: { nodeName: 'west' } }),
  };
  for (const [title, pod] of Object.entries(UNPREFERRED)) {
    it(`requires, and prefers nothing, of ${title}`, async () => {
      const { after } = await admitPod(pod);

      assert.deepEqual(affinityOf(after), required(term(IN_EU)));
    });
  }

  it('writes nothing into a pod that asks for nothing, in a namespace that does not either', async () => {
    assert.deepEqual((await admitPod(podObject())).patch, []);
  });

  it('prefers regions for every pod of a managed namespace', async () => {
    const { after } = await admitPod(podObject(), { namespaces: { default: { managed: true } } });

    assert.equal(preferredRegions(after).length, 3);
  });

  it('touches no mirror of a static pod', async () => {
    const pod = podObject({ annotations: { ...EU, 'kubernetes.io/config.mirror': 'x' }, spec: { nodeName: 'east' } });

    assert.deepEqual((await admitPod(pod)).patch, []);
  });

  it('refuses work that may run nowhere, and says why', async () => {
    const annotations = { 'lowtide.dev/residency': 'eu-strict', 'lowtide.dev/regions': 'us-east-1' };
    for (const { refusal } of [
      await admitPod(podObject({ annotations })),
      await admitJob(jobObject({ template: annotations })),
    ]) {
      assert.equal(refusal?.code, 422);
      assert.match(refusal.message, /no region of the policy is permitted by lowtide.dev\/residency "eu-strict"/);
      assert.match(refusal.message, /jurisdiction is outside/);
    }
  });

  it('leaves affinity that the API server will refuse for it to refuse', async () => {
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: null } };

    const { patch } = await admitPod(podObject({ annotations: EU, spec: { affinity: { nodeAffinity } } }));

    assert.deepEqual(patch, []);
  });

  it('remembers candidate regions only until the nodes change', async () => {
    const catalog = new FakeCatalog({ west: 'eu-west-1' });
    const world = cleanWorld({ catalog });
    assert.deepEqual(preferredRegions((await admitPod(podObject({ annotations: EU }), { world })).after), [
      'eu-west-1',
    ]);

    catalog.move('west', 'eu-central-1');

    const { after } = await admitPod(podObject({ annotations: EU }), { world });
    assert.deepEqual(preferredRegions(after), ['eu-central-1']);
  });
});

describe('the mark for the extender', () => {
  const world = dirtyWorld({
    policy: policy({ classes: CLASSES, scheduler: { placement: 'extender', marks: true } }),
  });
  const resourcesOf = (pod: JsonObject, index = 0) =>
    (pod.spec['containers'] as { resources?: unknown }[])[index]?.resources;

  it('is requested, and limited, by the first container, in place of a preference', async () => {
    const containers = [{ name: 'a', resources: { requests: { cpu: '1' } } }, { name: 'b' }];

    const { after } = await admitPod(podObject({ annotations: EU, spec: { containers } }), { world });

    assert.deepEqual(resourcesOf(after), { requests: { cpu: '1', [MARK]: '1' }, limits: { [MARK]: '1' } });
    assert.equal(resourcesOf(after, 1), undefined);
    assert.deepEqual(preferredRegions(after), []);
  });

  it('is not requested twice', async () => {
    const resources = { requests: { [MARK]: '1' }, limits: { [MARK]: '1' } };
    const containers = [{ name: 'a' }, { name: 'b', resources }];

    const { after } = await admitPod(podObject({ annotations: EU, spec: { containers } }), { world });

    assert.equal(resourcesOf(after), undefined);
  });

  it('is not requested on templates', async () => {
    const job = jobObject({ template: EU });

    assert.deepEqual((await admitJob(job, { world })).after.spec['template'], job.spec['template']);
  });

  it('is not requested where marks are off', async () => {
    const off = dirtyWorld({
      policy: policy({ classes: CLASSES, scheduler: { placement: 'extender', marks: false } }),
    });

    assert.equal(resourcesOf((await admitPod(podObject({ annotations: EU }), { world: off })).after), undefined);
  });
});
