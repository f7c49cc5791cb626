import assert from 'node:assert/strict';
import type { ApiAnswer } from '../../../hack/cluster/api.ts';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { decision, isHeld, isMarked, regionOf, requiredRegions } from '../../support/live-object.ts';
import { job, lowtide, pod } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

/** Nothing is ever clean. */
const GRID = { IE: 400, DE: 500, PJM: 600 };
/** May do in the namespaces whatever Kubernetes' role `edit` allows, and bind pods. */
const CAROL = { user: 'carol' };
const PROMISED_MS = 2_000;
const patient = lowtide({ class: 'patient' });

/** What an ordinary user might try on held work, and what it would gain. */
const TAMPERING = {
  'removes our gate': { kind: 'Pod', type: 'json', patch: [{ op: 'remove', path: '/spec/schedulingGates' }] },
  'resumes our Job': { kind: 'Job', type: 'merge', patch: { spec: { suspend: false } } },
  'asks for less delay': { kind: 'Job', type: 'merge', patch: annotate({ 'max-delay': '1s' }) },
  'asks for more delay': { kind: 'Job', type: 'merge', patch: annotate({ 'max-delay': '9m' }) },
  'widens a residency': { kind: 'Pod', type: 'merge', patch: annotate({ residency: 'global' }) },
  'takes the residency away': { kind: 'Pod', type: 'merge', patch: annotate({ residency: null }) },
  'takes our label off': { kind: 'Job', type: 'merge', patch: { metadata: { labels: { 'lowtide.dev/held': null } } } },
  'takes off since when it is held': { kind: 'Job', type: 'merge', patch: annotate({ 'held-since': null }) },
} as const;

function annotate(values: Readonly<Record<string, string | null>>): object {
  return { metadata: { annotations: lowtide(values as Record<string, string>) } };
}

function assertRefused({ status, body }: ApiAnswer): void {
  assert.ok([400, 403, 422].includes(status), `${status} ${body.slice(0, 300)}`);
  // Not by RBAC, which knows nothing of us.
  assert.match(body, /lowtide/i);
}

describe('users and held work', () => {
  let stage: HoldingStage;
  let service: LowtideProcess;
  let ordinary: Objects;
  let strict: Objects;
  before(async () => {
    stage = await HoldingStage.open();
    service = await stage.play({ policy: holdingPolicy(), intensity: GRID });
    ordinary = stage.objects;
    strict = await stage.namespace('strict', {
      labels: { 'lowtide.dev/enforce': 'true' },
      annotations: lowtide({ residency: 'eu-strict' }),
    });
    for (const objects of [ordinary, strict]) await allowCarol(objects);
    const away = pod('away', { pod: { nodeName: 'us-east-1-0' } });
    const guarded = async (): Promise<boolean> => (await strict.tryCreate(away, { dryRun: true })).status !== 201;
    await eventually(guarded, { within: 10_000 });
    // The API server takes notice of policies a moment later than of webhooks.
    await strict.create(job('guarded', { annotations: patient }));
    const resume = { spec: { suspend: false } };
    const kept = async (): Promise<boolean> =>
      (await strict.patch('Job', 'guarded', resume, { ...CAROL, dryRun: true })).status !== 200;
    await eventually(kept, { within: 10_000 });
  });
  after(() => stage.close());

  async function allowCarol(objects: Objects): Promise<void> {
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: CAROL.user }];
    const roleRef = (kind: string, name: string) => ({ kind, name, apiGroup: 'rbac.authorization.k8s.io' });
    const rules = [{ apiGroups: [''], resources: ['pods/binding', 'bindings'], verbs: ['create'] }];
    await objects.create({ kind: 'Role', metadata: { name: 'binder' }, rules });
    const bindings = { edits: roleRef('ClusterRole', 'edit'), binds: roleRef('Role', 'binder') };
    for (const [name, role] of Object.entries(bindings)) {
      await objects.create({ kind: 'RoleBinding', metadata: { name }, subjects, roleRef: role });
    }
    const allowed = async (): Promise<boolean> =>
      (await objects.tryCreate(pod('allowed'), { ...CAROL, dryRun: true })).status === 201;
    await eventually(allowed, { within: 10_000 });
  }

  let count = 0;
  async function heldWork(objects: Objects, kind: 'Job' | 'Pod'): Promise<string> {
    count += 1;
    const name = `held-${count}`;
    await objects.create((kind === 'Job' ? job : pod)(name, { annotations: patient }), CAROL);
    assert.ok(isHeld(await objects.get(kind, name)));
    return name;
  }

  describe('in an enforced namespace', () => {
    for (const [what, { kind, type, patch }] of Object.entries(TAMPERING)) {
      it(`who ${what} is refused`, async () => {
        const name = await heldWork(strict, kind);

        assertRefused(await strict.patch(kind, name, patch, { ...CAROL, type }));

        assert.ok(isHeld(await strict.get(kind, name)));
      });
    }

    it('hold: "false" stays open to everybody', async () => {
      const name = await heldWork(strict, 'Job');

      const { status, body } = await strict.patch('Job', name, annotate({ hold: 'false' }), {
        ...CAROL,
        type: 'merge',
      });

      assert.equal(status, 200, body);
      await strict.until('Job', name, (each) => !isHeld(each));
    });

    it('a cluster administrator may resume', async () => {
      const name = await heldWork(strict, 'Job');

      const { status, body } = await strict.patch('Job', name, { spec: { suspend: false } });

      assert.equal(status, 200, body);
    });

    it('the gatekeeper lets work go, which then runs where it may', async () => {
      await strict.create(job('in-time', { annotations: lowtide({ class: 'brief' }), runs: 60 }), CAROL);

      await strict.until('Job', 'in-time', (each) => !isHeld(each), 15_000);

      const landed = async (): Promise<boolean> =>
        (await strict.list('Pod', 'in-time')).some((each) => regionOf(each)?.startsWith('eu-') === true);
      await eventually(landed, { within: 10_000 });
    });

    it('a residency wider than the namespace has is refused at creation', async () => {
      const wider = pod('wider', { annotations: lowtide({ residency: 'global' }) });

      const answer = await strict.tryCreate(wider, CAROL);

      assertRefused(answer);
      assert.match(answer.body, /lowtide\.dev\/residency/);
    });

    it('a node named outside the permitted regions is refused, one inside is not', async () => {
      assertRefused(await strict.tryCreate(pod('abroad', { pod: { nodeName: 'us-east-1-0' } }), CAROL));

      const { status, body } = await strict.tryCreate(pod('at-home', { pod: { nodeName: 'eu-west-1-0' } }), CAROL);
      assert.equal(status, 201, body);
    });

    it('a binding outside the permitted regions is refused, one inside is not', async () => {
      await strict.create(pod('loose', { pod: { schedulerName: 'nobody' } }), CAROL);
      const bind = (node: string): Promise<ApiAnswer> => {
        const body = { kind: 'Binding', metadata: { name: 'loose' }, target: { kind: 'Node', name: node } };
        return strict.post('Pod', 'loose', { subresource: 'binding', body }, CAROL);
      };

      assertRefused(await bind('us-east-1-0'));

      const { status, body } = await bind('eu-west-1-0');
      assert.equal(status, 201, body);
    });

    it("Kueue's label is no way out of residency", async () => {
      const labels = { 'kueue.x-k8s.io/queue-name': 'night' };
      assertRefused(await strict.tryCreate(pod('kueue-abroad', { labels, pod: { nodeName: 'us-east-1-0' } }), CAROL));
      await strict.create(job('kueue', { labels, runs: 60 }), CAROL);

      const first = async (): Promise<void> => {
        const [only] = await strict.list('Pod', 'kueue');
        assert.deepEqual(requiredRegions(only?.spec ?? {}), [['eu-central-1', 'eu-west-1']]);
        assert.match(only ? (regionOf(only) ?? '') : '', /^eu-/);
      };
      await eventually(first, { within: 10_000 });
    });
  });

  describe('elsewhere', () => {
    const resumed = { Job: TAMPERING['resumes our Job'], Pod: TAMPERING['removes our gate'] };
    for (const [kind, { type, patch }] of Object.entries(resumed)) {
      it(`a ${kind} that somebody else lets go runs, with a warning, an Event and in the metrics`, async () => {
        const name = await heldWork(ordinary, kind as 'Job' | 'Pod');

        const { status, body, warnings } = await ordinary.patch(kind, name, patch, { ...CAROL, type });

        assert.equal(status, 200, body);
        assert.match(warnings.join('\n'), /lowtide/i);
        const { metadata } = await ordinary.get(kind, name);
        assert.equal((await ordinary.event(metadata.uid, 'ReleasedElsewhere')).reason, 'released-elsewhere');
        await ordinary.until(kind, name, (each) => !isHeld(each) && !isMarked(each));
        const told = (await ordinary.events(metadata.uid)).map(({ action }) => action);
        assert.deepEqual(told.toSorted(), ['Held', 'ReleasedElsewhere']);
        const metrics = await (await fetch(`${service.operations}/metrics`)).text();
        assert.match(metrics, /^lowtide_\w+\{[^}]*"released-elsewhere"[^}]*\} [1-9]/m);
      });
    }

    it('who asks for more delay than the class allows gains nothing', async () => {
      await ordinary.create(job('greedy', { annotations: lowtide({ class: 'brief' }), runs: 60 }), CAROL);
      const { creationTimestamp } = (await ordinary.get('Job', 'greedy')).metadata;
      const patch = annotate({ 'max-delay': '9m' });
      const { status, warnings } = await ordinary.patch('Job', 'greedy', patch, { ...CAROL, type: 'merge' });
      assert.equal(status, 200);
      assert.match(warnings.join('\n'), /lowtide/i);

      const free = await ordinary.until('Job', 'greedy', (each) => !isHeld(each), 15_000);

      assert.ok(Date.now() - Date.parse(creationTimestamp) <= 8_000 + PROMISED_MS);
      assert.equal(decision(free).reason, 'max-delay-reached');
    });

    it('a label that somebody takes off is put back, and the work is let go in time', async () => {
      await ordinary.create(pod('unlabelled', { annotations: lowtide({ class: 'brief' }) }), CAROL);
      const patch = { metadata: { labels: { 'lowtide.dev/held': null } } };
      await ordinary.patch('Pod', 'unlabelled', patch, { ...CAROL, type: 'merge' });

      await ordinary.until('Pod', 'unlabelled', (each) => isHeld(each) && isMarked(each));
      await ordinary.until('Pod', 'unlabelled', (each) => !isHeld(each), 15_000);
    });
  });

  describe('while the service is missing', () => {
    before(() => service.stop('SIGKILL'));

    it('work runs unheld', async () => {
      await ordinary.create(job('unheld', { annotations: patient, runs: 60 }), CAROL);
      await ordinary.create(pod('unheld', { annotations: patient }), CAROL);

      assert.ok(!isHeld(await ordinary.get('Job', 'unheld')));
      await ordinary.until('Pod', 'unheld', (each) => regionOf(each) !== null);
    });

    it('pods and Jobs of enforced namespaces are refused', async () => {
      for (const manifest of [pod('unguarded'), job('unguarded', { annotations: patient })]) {
        const { status, body } = await strict.tryCreate(manifest, CAROL);
        assert.equal(status, 500, body);
        assert.match(body, /lowtide/i);
      }
    });

    it('what is held stays held', async () => {
      const held = (await strict.list('Job')).filter(isHeld);

      assert.ok(held.length > 0);
      assert.ok(held.every(isMarked));
    });
  });
});
