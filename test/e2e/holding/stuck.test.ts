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
const SHORTEST = 60;
const LONGEST = 90;
/** What we promise after the maximum delay when everything breaks. */
const PROMISED_MS = 60_000;
const OUTAGE_MS = 20_000;
/** Dirty for a while, and then the trace ends: nothing is known of any grid. */
const ENDING = { step: 20, stretches: [{ seconds: 60, values: { IE: 400, DE: 500, PJM: 600 } }] };
/** Changes hands within seconds, so that replicas that die every few seconds take turns. */
const HASTY = { gatekeeper: { lease: { duration: '4s', renewDeadline: '3s', retryPeriod: '700ms' } } };
/** After how many milliseconds of life each replica is killed, over and over. */
const LIVES = { asked: [5_000, 7_000, 6_000], other: [8_000, 6_500, 9_500] };

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

  /** Starts a replica, kills it, and so on, until told to leave the last one alone. */
  async function keepKilling(
    args: readonly string[],
    { lives, first, enough }: { lives: readonly number[]; first: StartedLowtide; enough: () => boolean },
  ): Promise<number> {
    let replica = first;
    let kills = 0;
    for (;;) {
      await sleep(lives[kills % lives.length]);
      if (enough()) return kills;
      await replica.stop('SIGKILL');
      kills += 1;
      replica = stage.spawn(args);
    }
  }

  it('all are let go in time, none twice, and each by an Event', async function () {
    const control = controlOrSkip(this, stage.cluster);
    const { objects } = stage;
    const common = await stage.replicaArgs({ policy: holdingPolicy(), trace: ENDING, config: HASTY });
    const asked = [...common, ...(await stage.webhookArgs())];
    const first = stage.spawn(asked);
    await first.ready;
    await stage.untilAsked();
    const second = stage.spawn(common);
    await second.ready;

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
    const killing = [
      keepKilling(asked, { lives: LIVES.asked, first, enough }),
      keepKilling(common, { lives: LIVES.other, first: second, enough }),
    ];
    // In the middle of the releases.
    await sleep(Math.min(...due.values()) + 5_000 - Date.now());
    await control.stopApiServer();
    await sleep(OUTAGE_MS);
    await control.startApiServer();
    const kills = await Promise.all(killing);

    const seen = watch.all();
    const late = [...due].map(([uid, at]) => (seen.get(uid)?.freeAt ?? Infinity) - at).toSorted((a, b) => a - b);
    assert.ok(
      (late.at(-1) ?? Infinity) <= PROMISED_MS,
      `the last went ${late.at(-1) ?? '?'} ms after its maximum delay`,
    );
    assert.ok((late[0] ?? -Infinity) >= 0, `the first went ${late[0] ?? '?'} ms after its maximum delay`);
    assert.ok(Math.min(...kills) >= 5, `killed ${kills.join(' and ')} times`);
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
