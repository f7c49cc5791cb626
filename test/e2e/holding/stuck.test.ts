import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlOrSkip } from '../../../hack/cluster/skip.ts';
import type { StartedLowtide } from '../../../hack/lowtide/process.ts';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { job, lowtide, pod } from '../../support/manifests.ts';
import type { Manifest } from '../../support/manifests.ts';
import type { LiveEvent } from '../../support/objects.ts';
import { ReleaseWatch } from '../../support/release-watch.ts';

const JOBS = 300;
const PODS = 700;
/** Maximum delays lie evenly between the two, seconds. */
const SHORTEST = 45;
const LONGEST = 75;
/** What we promise after the maximum delay when everything breaks. */
const PROMISED_MS = 60_000;
const OUTAGE_MS = 20_000;
/** Dirty at first; soon the trace ends, and nothing is known of any grid. It begins anew with each start. */
const ENDING = { step: 2, stretches: [{ seconds: 4, values: { IE: 400, DE: 500, PJM: 600 } }] };
/** Changes hands within seconds, so that replicas that die every few seconds take turns. */
const HASTY = { gatekeeper: { lease: { duration: '2500ms', renewDeadline: '1800ms', retryPeriod: '400ms' } } };
/** Pauses between one replica's being back and the other's end. */
const PAUSES_MS = [3_000, 5_000, 4_000];
/** How long a replica is waited for; without an API server it never is ready. */
const START_MS = 6_000;

describe('a thousand held, and everything breaks', function () {
  this.timeout(300_000);

  let stage: HoldingStage;
  let watch: ReleaseWatch;
  before(async () => {
    stage = await HoldingStage.open();
    const { objects } = stage;
    watch = new ReleaseWatch(stage.client, [objects.path('Job'), objects.path('Pod')]);
  });
  after(async () => {
    await watch.close();
    await stage.close();
  });

  const delays = new Map<string, number>();
  function work(index: number): Manifest {
    const seconds = SHORTEST + Math.floor(((LONGEST - SHORTEST) * index) / (JOBS + PODS));
    const name = `work-${index}`;
    delays.set(name, seconds * 1000);
    const annotations = lowtide({ class: 'patient', 'max-delay': `${seconds}s` });
    // Pods of released Jobs end at once.
    return index % 10 < (10 * JOBS) / (JOBS + PODS) ? job(name, { annotations, runs: 1 }) : pod(name, { annotations });
  }

  /** Kills the replicas in turn and starts them again, until it is enough; gives how often. */
  async function keepKilling(
    replicas: readonly { readonly args: readonly string[]; now: StartedLowtide }[],
    enough: () => boolean,
  ): Promise<number> {
    for (let kills = 0; ; kills += 1) {
      await sleep(PAUSES_MS[kills % PAUSES_MS.length]);
      const replica = replicas[kills % replicas.length];
      if (enough() || replica === undefined) return kills;
      await replica.now.stop('SIGKILL');
      replica.now = stage.spawn(replica.args);
      const { ready } = replica.now;
      await Promise.race([ready.catch(() => undefined), sleep(START_MS, undefined, { ref: false })]);
    }
  }

  it('all are let go in time, none twice, and each by an Event', async function () {
    const control = controlOrSkip(this, stage.cluster);
    const { objects } = stage;
    const common = await stage.replicaArgs({ policy: holdingPolicy(), trace: ENDING, config: HASTY });
    const asked = [...common, ...(await stage.webhookArgs())];
    const replicas = [asked, common].map((args) => ({ args, now: stage.spawn(args) }));
    for (const { now } of replicas) await now.ready;
    await stage.untilAsked();

    await objects.createAll(Array.from({ length: JOBS + PODS }, (_, index) => work(index)));
    const due = new Map<string, number>();
    for (const { metadata } of [...(await objects.list('Job')), ...(await objects.list('Pod'))]) {
      const delay = delays.get(metadata.name);
      if (delay !== undefined) due.set(metadata.uid, Date.parse(metadata.creationTimestamp) + delay);
    }
    const uids = [...due.keys()];
    await eventually(() => uids.every((uid) => typeof watch.all().get(uid)?.heldAt === 'number'));

    const last = Math.max(...due.values());
    const free = (): number => uids.filter((uid) => typeof watch.all().get(uid)?.freeAt === 'number').length;
    const enough = (): boolean => free() === due.size || Date.now() > last + PROMISED_MS;
    const killing = keepKilling(replicas, enough);
    // What goes wrong in it is thrown where it is waited for.
    killing.catch(() => undefined);
    // In the middle of the releases.
    await sleep(Math.min(...due.values()) + 5_000 - Date.now());
    await control.stopApiServer();
    await sleep(OUTAGE_MS);
    await control.startApiServer();
    const kills = await killing;

    const seen = watch.all();
    const stuck = uids.flatMap((uid) => (typeof seen.get(uid)?.freeAt === 'number' ? [] : [seen.get(uid)?.name]));
    assert.deepEqual(stuck, [], `${stuck.length} stuck; killed ${kills} times`);
    const late = [...due].map(([uid, at]) => (seen.get(uid)?.freeAt ?? Infinity) - at).toSorted((a, b) => a - b);
    assert.ok(
      (late.at(-1) ?? Infinity) <= PROMISED_MS,
      `the last went ${late.at(-1) ?? '?'} ms after its maximum delay`,
    );
    assert.ok((late[0] ?? -Infinity) >= 0, `the first went ${late[0] ?? '?'} ms after its maximum delay`);
    assert.ok(kills >= 8, `killed ${kills} times`);
    const twice = uids.filter((uid) => seen.get(uid)?.releases !== 1 || seen.get(uid)?.stamps.length !== 1);
    assert.deepEqual(
      twice.map((uid) => seen.get(uid)),
      [],
    );
    await everyOneHasAnEvent(uids);
  });

  async function everyOneHasAnEvent(uids: readonly string[]): Promise<void> {
    const { objects } = stage;
    const look = async (): Promise<void> => {
      await sleep(500);
      const released = (await objects.events()).filter(({ action }) => action.startsWith('Released'));
      const events = Map.groupBy(released, ({ regarding }: LiveEvent) => regarding.uid);
      const odd = uids.filter((uid) => events.get(uid)?.length !== 1);
      const example = odd[0] === undefined ? [] : [watch.all().get(odd[0]), events.get(odd[0])];
      assert.equal(odd.length, 0, `${odd.length} without one Event of its release: ${JSON.stringify(example)}`);
    };
    await eventually(look, { within: 30_000 });
  }
});
