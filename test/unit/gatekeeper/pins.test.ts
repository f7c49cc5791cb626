import assert from 'node:assert/strict';
import { instant } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import type { UnpinChange } from '../../../src/kubernetes/unpin-work.ts';
import { KubernetesError } from '../../../src/kubernetes/errors.ts';
import { withPinnedRegion } from '../../../src/placement/affinity.ts';
import { region } from '../../../src/carbon/units.ts';
import { RELEASED_AT, UNPINNING } from '../../../src/policy/annotations.ts';
import type { PinCalls } from '../../../src/service/gatekeeper/ports.ts';
import type { HeldWork } from '../../../src/timing/held-work.ts';
import { CLEAN, REGION_LABEL, Scene } from '../../support/gatekeeper.ts';
import { FakeHeldCluster } from '../../support/held-cluster.ts';
import { scheduling } from '../../support/hold.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const MINUTE = 60_000;
const WEST = withPinnedRegion(null, region('eu-west-1'), REGION_LABEL);

/** Released Jobs with a required region, and what becomes of their pods. */
class FakePins implements PinCalls {
  readonly index = new FakeHeldCluster(new VirtualTime());
  readonly pinned = this.index.index;
  readonly did: string[] = [];
  since: Instant | null | 'finished' = null;
  stopped = true;
  change: UnpinChange | null = null;

  unschedulableSince(): Promise<Instant | null | 'finished'> {
    this.did.push('look');
    return Promise.resolve(this.since);
  }

  suspend({ uid }: HeldWork): Promise<'suspended'> {
    this.did.push('suspend');
    this.becomeSuspended(uid);
    return Promise.resolve('suspended');
  }

  becomeSuspended(uid: string): void {
    const before = this.index.get(uid);
    const annotations = { ...before?.annotations, [UNPINNING]: 'true' };
    this.index.hold({ ...before, annotations, resourceVersion: 'suspended', held: true });
  }

  hasStopped(): Promise<boolean> {
    this.did.push(this.stopped ? 'stopped' : 'stopping');
    return Promise.resolve(this.stopped);
  }

  unpin(work: HeldWork, change: (work: HeldWork) => UnpinChange): Promise<'unpinned'> {
    this.did.push('unpin');
    this.change = change(work);
    return Promise.resolve('unpinned');
  }
}

describe('Gatekeeper, with required regions', () => {
  function released(scene: Scene, pins: FakePins): void {
    const annotations = { [RELEASED_AT]: new Date(scene.time.now()).toISOString() };
    pins.index.hold({
      uid: 'a',
      held: false,
      pinned: true,
      annotations,
      scheduling: scheduling({ nodeAffinity: WEST }),
    });
  }
  const required = { policy: { scheduler: { pin: 'required' as const, pinTimeout: (2 * MINUTE) as never } } };

  it('requires the best region of a Job, and marks it, where the policy says so and the cluster can take it back', async () => {
    for (const [pins, want] of [
      [new FakePins(), true],
      [null, false],
    ] as const) {
      const scene = new Scene({ ...required, pins });
      scene.cluster.hold({ uid: 'job' });
      scene.cluster.hold({ uid: 'pod', kind: 'pod' });
      const gatekeeper = await scene.leader();
      scene.turn(CLEAN, gatekeeper);
      await scene.time.pass(100);

      const pinned = scene.cluster.patches.map(({ uid, change }) => [uid, change.pinned]);
      assert.deepEqual(Object.fromEntries(pinned), { job: want, pod: false });
      const affinity = scene.cluster.patches.find(({ uid }) => uid === 'job')?.change.affinity;
      assert.equal(affinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined, want);
    }
  });

  it('looks at a pinned Job once every timeout while its pods find nodes, until it has finished', async () => {
    const pins = new FakePins();
    const scene = new Scene({ ...required, pins });
    released(scene, pins);
    await scene.leader();

    await scene.time.pass(2 * MINUTE - 1);
    assert.deepEqual(pins.did, []);
    await scene.time.pass(4 * MINUTE + 1);
    assert.deepEqual(pins.did, ['look', 'look', 'look']);
    pins.since = 'finished';
    await scene.time.pass(20 * MINUTE);

    assert.equal(pins.did.length, 4);
  });

  it('suspends, unpins and resumes a Job whose pods find no node for the timeout', async () => {
    const pins = new FakePins();
    const scene = new Scene({ ...required, pins });
    released(scene, pins);
    await scene.leader();
    pins.since = instant(scene.time.now() + MINUTE);
    pins.stopped = false;

    await scene.time.pass(3 * MINUTE - 1);
    assert.deepEqual(pins.did, ['look']);
    await scene.time.pass(1 + 2_500);
    assert.deepEqual(pins.did, ['look', 'look', 'suspend', 'stopping', 'stopping']);
    pins.stopped = true;
    await scene.time.pass(1_000);

    assert.deepEqual(pins.did.slice(-2), ['stopped', 'unpin']);
    assert.deepEqual(pins.change?.affinity, {});
  });

  it('goes on where a predecessor suspended the Job and got no further', async () => {
    const pins = new FakePins();
    const scene = new Scene({ ...required, pins });
    released(scene, pins);
    pins.becomeSuspended('a');
    await scene.leader();

    await scene.time.pass(2 * MINUTE);

    assert.deepEqual(pins.did, ['stopped', 'unpin']);
  });

  it('comes back to a Job that it suspended, whatever is refused meanwhile, Events among it', async () => {
    const pins = new FakePins();
    const scene = new Scene({ ...required, pins });
    released(scene, pins);
    pins.becomeSuspended('a');
    let refused = true;
    const unpin = pins.unpin.bind(pins);
    pins.unpin = (...args) => (refused ? Promise.reject(new KubernetesError('forbidden', 'no')) : unpin(...args));
    await scene.leader();
    await scene.time.pass(30 * MINUTE);
    assert.ok(!pins.did.includes('unpin'));

    refused = false;
    await scene.time.pass(3 * MINUTE);

    assert.ok(pins.did.includes('unpin'));
  });

  it('leaves pinned Jobs to the leader', async () => {
    const pins = new FakePins();
    const scene = new Scene({ ...required, pins });
    released(scene, pins);
    const gatekeeper = await scene.leader();
    await gatekeeper.follow();

    await scene.time.pass(20 * MINUTE);

    assert.deepEqual(pins.did, []);
  });

  it('leaves a pinned Job suspended that its owner suspended', async () => {
    const pins = new FakePins();
    const scene = new Scene({ ...required, pins });
    released(scene, pins);
    await scene.leader();
    pins.index.hold({ ...pins.index.get('a'), resourceVersion: 'paused', held: true });

    await scene.time.pass(10 * MINUTE);

    assert.deepEqual(pins.did, []);
  });
});
