import assert from 'node:assert/strict';
import { region } from '../../../src/carbon/units.ts';
import { CLASS } from '../../../src/policy/annotations.ts';
import { Decisions } from '../../../src/service/gatekeeper/decisions.ts';
import { ReleasePlanner } from '../../../src/service/gatekeeper/plan.ts';
import type { HeldWork } from '../../../src/timing/held-work.ts';
import { CLEAN, REGION_LABEL } from '../../support/gatekeeper.ts';
import { FakeHeldCluster } from '../../support/held-cluster.ts';
import { isIn, required, scheduling, term } from '../../support/hold.ts';
import { DEFERRABLE } from '../../support/intents.ts';
import { VirtualTime } from '../../support/virtual-time.ts';
import { FakeCatalog, NOW, policy, signal, world } from '../../support/world.ts';

describe('ReleasePlanner', () => {
  const catalog = new FakeCatalog({ a: 'eu-west-1', b: 'eu-central-1', c: 'us-east-1' });
  const EU = isIn(REGION_LABEL, 'eu-west-1', 'eu-central-1');
  const OWN = isIn('disk', 'ssd');
  const eu = { [CLASS]: 'deferrable', 'lowtide.dev/residency': 'eu-strict' };

  function plan(
    part: Partial<HeldWork>,
    { scheduler = {}, values = CLEAN }: { scheduler?: object; values?: Record<string, number> } = {},
  ) {
    const work = new FakeHeldCluster(new VirtualTime()).hold({ annotations: { [CLASS]: 'deferrable' }, ...part });
    const now = world({ catalog, signal: signal(values), policy: policy({ classes: [DEFERRABLE], scheduler }) });
    const state = { namespace: () => undefined, volumeTerms: () => [] };
    const cluster = { regionLabel: REGION_LABEL, moves: () => true };
    const decisions = new Decisions({ ...cluster, state, usual: () => null });
    const planner = new ReleasePlanner({ ...cluster, pins: true });
    return planner.plan(work, decisions.judge(work, now), NOW);
  }
  function preferredIn({ affinity }: ReturnType<typeof plan>): Record<string, number> {
    const found: Record<string, number> = {};
    for (const { weight, preference } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      found[preference.matchExpressions?.[0]?.values?.[0] ?? ''] = weight;
    }
    return found;
  }
  const termsOf = ({ affinity }: ReturnType<typeof plan>): unknown =>
    affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;

  for (const kind of ['job', 'pod'] as const) {
    it(`prefers for a ${kind} the region that is clean, the best with weight 100`, () => {
      const planned = plan({ kind });

      assert.equal(preferredIn(planned)['eu-west-1'], 100);
      assert.equal(termsOf(planned), undefined);
      assert.equal(planned.pinned, false);
    });

    it(`requires residency of a ${kind}`, () => {
      assert.deepEqual(termsOf(plan({ kind, annotations: eu })), [term(EU)]);
    });
  }

  it('prefers every permitted region where none is below the ceiling', () => {
    const planned = plan({ kind: 'pod' }, { values: { 'eu-west-1': 300, 'eu-central-1': 600, 'us-east-1': 900 } });

    assert.deepEqual(Object.keys(preferredIn(planned)), ['eu-west-1', 'eu-central-1', 'us-east-1']);
  });

  it('leaves preferences to the extender where the policy says so', () => {
    const scheduler = { placement: 'extender' };

    assert.equal(plan({ kind: 'pod' }, { scheduler }).affinity, null);
    assert.deepEqual(plan({ kind: 'pod', annotations: eu }, { scheduler }).affinity, required(term(EU)));
  });

  it('leaves alone a Job’s template that has node affinity of its own, and completes a pod’s', () => {
    const own = scheduling({ nodeAffinity: required(term(OWN)) });

    assert.equal(plan({ kind: 'job', annotations: eu, scheduling: own }).affinity, null);
    assert.deepEqual(termsOf(plan({ kind: 'pod', annotations: eu, scheduling: own })), [term(OWN, EU)]);
  });

  it('does not write an empty list where nothing is permitted any more', () => {
    const nowhere = { ...eu, 'lowtide.dev/regions': 'us-east-1' };

    assert.equal(plan({ kind: 'pod', annotations: nowhere }).affinity, null);
  });

  it('requires the best region of a Job where the policy pins', () => {
    const planned = plan({ kind: 'job', annotations: eu }, { scheduler: { pin: 'required' } });

    assert.equal(planned.pinned, true);
    assert.deepEqual(termsOf(planned), [term(EU, isIn(REGION_LABEL, region('eu-west-1')))]);
    assert.equal(plan({ kind: 'pod' }, { scheduler: { pin: 'required' } }).pinned, false);
  });

  it('notes why, in the words of the annotation', () => {
    const { reason, region: best, intensity } = JSON.parse(plan({}).decision) as Record<string, unknown>;

    assert.deepEqual(
      { reason, best, intensity },
      { reason: 'intensity-below-threshold', best: 'eu-west-1', intensity: 100 },
    );
  });
});
