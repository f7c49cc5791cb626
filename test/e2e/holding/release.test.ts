import assert from 'node:assert/strict';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { decision, gates, isHeld, isMarked, preferredRegion, regionOf, word } from '../../support/live-object.ts';
import type { LiveObject } from '../../support/live-object.ts';
import { job, lowtide, pod } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';
import { ReleaseWatch } from '../../support/release-watch.ts';

/** What we promise from the signal's change, or from the end of the maximum delay. */
const PROMISED_MS = 2_000;
const STEP_SECONDS = 15;
/** All dirty at first; then the EU turns and Germany is the cleanest of it. The US never turns. */
const TURNING = {
  step: STEP_SECONDS,
  stretches: [
    { seconds: STEP_SECONDS, values: { IE: 300, DE: 500, PJM: 600 } },
    { seconds: 20 * STEP_SECONDS, values: { IE: 220, DE: 120, PJM: 600 } },
  ],
};
/** Under the threshold of 250 g, so not held any more, but for who asks for less. */
const CLEANER_THAN_EVER = { 'max-intensity': '50' };

describe('held work and a grid that turns', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let service: LowtideProcess;
  let watch: ReleaseWatch;
  before(async () => {
    stage = await HoldingStage.open();
    ({ objects } = stage);
    watch = new ReleaseWatch(stage.client, [objects.path('Job'), objects.path('Pod')]);
    service = await stage.play({
      policy: holdingPolicy({ classes: { evening: { maxDelay: '20s', maxIntensity: 250 } } }),
      trace: TURNING,
    });
    await createdWhileDirty();
  });
  after(async () => {
    await watch.close();
    await stage.close();
  });

  const warnings = new Map<string, readonly string[]>();
  async function createdWhileDirty(): Promise<void> {
    const eu = lowtide({ class: 'patient', residency: 'eu-strict' });
    const manifests = [
      job('train', { annotations: eu, runs: 60 }),
      pod('etl', { annotations: eu }),
      job('report', { annotations: lowtide({ class: 'evening', residency: 'us-only' }), runs: 60 }),
    ];
    for (const manifest of manifests) warnings.set(manifest.metadata.name, await objects.create(manifest));
  }

  /** When the signal turned, wall time, ms: as the service says, which must agree with the trace. */
  async function turned(): Promise<number> {
    const times = async (message: string): Promise<readonly number[]> =>
      (await service.log()).filter(({ msg }) => msg === message).map(({ time }) => Number(time));
    await eventually(async () => (await times('signal changed')).length > 1, { within: 2 * STEP_SECONDS * 1000 });
    // The trace begins when the policy is there to say which zones matter.
    const [start = 0] = await times('policy loaded');
    const [, turn = 0] = await times('signal changed');
    const off = turn - start - STEP_SECONDS * 1000;
    assert.ok(Math.abs(off) < 500, `turned ${off} ms off the trace`);
    return turn;
  }

  async function podOf(name: string): Promise<LiveObject> {
    const [first] = await objects.list('Pod', name);
    assert.ok(first, `${name} has no pod`);
    return first;
  }

  async function landed(name: string, region: string): Promise<void> {
    const look = async (): Promise<void> => {
      assert.equal(regionOf(await podOf(name)), region);
    };
    await eventually(look, { within: 10_000 });
  }

  it('suspends a Job in a dirty hour, and says why, in a warning, an annotation and an Event', async () => {
    const held = await objects.get('Job', 'train');

    assert.ok(held.spec.suspend);
    assert.ok(isMarked(held));
    assert.match((warnings.get('train') ?? []).join('\n'), /holds this (job|pod) until \d{4}-/);
    const { reason, intensity, threshold, region, until } = decision(held);
    assert.deepEqual(
      { reason, intensity, threshold, region },
      { reason: 'intensity-above-threshold', intensity: 300, threshold: 250, region: 'eu-west-1' },
    );
    const delay = Date.parse(until) - Date.parse(held.metadata.creationTimestamp);
    assert.ok(Math.abs(delay - 600_000) <= 1000, `until ${until}, created ${held.metadata.creationTimestamp}`);
    const event = await objects.event(held.metadata.uid, 'Held');
    assert.equal(event.reason, 'intensity-above-threshold');
    assert.equal((await objects.list('Pod', 'train')).length, 0);
  });

  it('keeps a bare pod behind the gate, and says why', async () => {
    const held = await objects.get('Pod', 'etl');

    assert.deepEqual(gates(held), ['lowtide.dev/carbon']);
    assert.ok(isMarked(held));
    assert.match((warnings.get('etl') ?? []).join('\n'), /holds this (job|pod) until \d{4}-/);
    assert.equal(decision(held).reason, 'intensity-above-threshold');
    await objects.event(held.metadata.uid, 'Held');
  });

  it('resumes the Job within two seconds of the turn, into the cleanest permitted region', async () => {
    const turn = await turned();
    await objects.until('Job', 'train', (object) => !isHeld(object));

    await watch.untilFree('train');
    const { freeAt, releases } = watch.named('train') ?? {};
    assert.ok(freeAt !== undefined && freeAt !== null && freeAt >= turn, 'not before the turn');
    assert.ok(freeAt - turn <= PROMISED_MS, `${freeAt - turn} ms after the turn`);
    assert.equal(releases, 1);
    const released = await objects.get('Job', 'train');
    assert.equal(decision(released).reason, 'intensity-below-threshold');
    assert.equal(preferredRegion(released.spec.template?.spec ?? {}), 'eu-central-1');
    assert.ok(!isMarked(released));
    assert.ok(Math.abs(Date.parse(word(released, 'released-at') ?? '') - turn) <= PROMISED_MS);
    assert.equal((await objects.event(released.metadata.uid, 'Released')).reason, 'intensity-below-threshold');
    await landed('train', 'eu-central-1');
  });

  it('lets the pod through with it', async () => {
    const turn = await turned();
    const released = await objects.until('Pod', 'etl', (object) => regionOf(object) !== null);

    await watch.untilFree('etl');
    assert.ok((watch.named('etl')?.freeAt ?? Infinity) - turn <= PROMISED_MS);
    assert.deepEqual(gates(released), []);
    assert.equal(regionOf(released), 'eu-central-1');
    await objects.event(released.metadata.uid, 'Released');
  });

  it('does not hold what comes in a clean hour', async () => {
    await turned();
    const said = await objects.create(
      job('late', { annotations: lowtide({ class: 'patient', residency: 'eu-strict' }) }),
    );

    assert.ok(!isHeld(await objects.get('Job', 'late')));
    assert.doesNotMatch(said.join('\n'), /holds this/);
  });

  it('starts a Job whose grid never turns at its maximum delay, at most two seconds late, and says so', async () => {
    const created = Date.parse((await objects.get('Job', 'report')).metadata.creationTimestamp);
    const started = await objects.until('Job', 'report', (object) => !isHeld(object), 25_000);

    await watch.untilFree('report');
    const freeAt = watch.named('report')?.freeAt ?? Infinity;
    const late = freeAt - (created + 20_000);
    assert.ok(late >= 0 && late <= PROMISED_MS, `${late} ms after its maximum delay`);
    assert.equal(decision(started).reason, 'max-delay-reached');
    assert.equal((await objects.event(started.metadata.uid, 'Released')).reason, 'max-delay-reached');
    await landed('report', 'us-east-1');
  });

  const optOuts = { Job: job, Pod: pod };
  for (const [kind, make] of Object.entries(optOuts)) {
    it(`lets a held ${kind} go when somebody says hold: "false"`, async () => {
      const name = `optout-${kind.toLowerCase()}`;
      await objects.create(make(name, { annotations: lowtide({ class: 'patient', ...CLEANER_THAN_EVER }) }));
      assert.ok(isHeld(await objects.get(kind, name)));

      const asked = Date.now();
      await objects.patch(kind, name, { metadata: { annotations: lowtide({ hold: 'false' }) } });

      const free = await objects.until(kind, name, (object) => !isHeld(object));
      assert.ok(Date.now() - asked <= PROMISED_MS);
      assert.equal((await objects.event(free.metadata.uid, 'Released')).reason, 'hold-opted-out');
    });
  }

  it('leaves nothing behind after a dry run, though it answers as if it were held', async () => {
    const annotations = lowtide({ class: 'patient', ...CLEANER_THAN_EVER });
    const answer = await objects.tryCreate(job('rehearsal', { annotations }), { dryRun: true });

    assert.equal(answer.status, 201);
    assert.ok(isHeld(JSON.parse(answer.body) as LiveObject));
    assert.match(answer.warnings.join('\n'), /holds this/);
    assert.equal(await objects.find('Job', 'rehearsal'), null);
    const events = await objects.events();
    assert.deepEqual(
      events.filter(({ regarding }) => regarding.name === 'rehearsal'),
      [],
    );
  });

  it('decides afresh about a copy that carries what Lowtide wrote', async () => {
    const original = await objects.get('Job', 'train');
    const copied = { ...original.metadata.annotations, 'lowtide.dev/held-since': '2026-01-01T00:00:00Z' };
    const copy = job('copy', { annotations: copied, labels: { 'lowtide.dev/held': 'true' }, spec: { suspend: true } });
    await objects.create(copy);

    const found = await objects.get('Job', 'copy');
    assert.ok(!isHeld(found));
    assert.equal(word(found, 'released-at'), undefined);
    assert.equal(word(found, 'held'), undefined);
  });

  it('refuses what is malformed, and says which annotation, which value and what is accepted', async () => {
    const answer = await objects.tryCreate(
      pod('wrong', { annotations: lowtide({ class: 'patient', 'max-delay': 'soon' }) }),
    );

    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    for (const part of ['lowtide.dev/max-delay', 'soon', 'a duration'])
      assert.ok(answer.body.includes(part), answer.body);
  });

  it('refuses more delay than the class allows, and says where the limit came from', async () => {
    const greedy = lowtide({ class: 'evening', 'max-delay': '1h' });
    const answer = await objects.tryCreate(job('greedy', { annotations: greedy }));

    assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
    assert.match(answer.body, /lowtide\.dev\/max-delay.*evening/s);
  });
});
