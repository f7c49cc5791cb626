import assert from 'node:assert/strict';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import {
  CLASS,
  DEADLINE,
  DECISION,
  EXPECTED_DURATION,
  MAX_DELAY,
  RELEASED_AT,
} from '../../../src/policy/annotations.ts';
import { Outage } from '../../../src/service/gatekeeper/outage.ts';
import { Alarm } from '../../../src/service/gatekeeper/timing.ts';
import { CLEAN, Scene, timingOf } from '../../support/gatekeeper.ts';
import type { Fault } from '../../support/held-cluster.ts';
import { HOUR } from '../../support/intents.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const MINUTE = 60_000;
const deferrable = (maxDelay: string) => ({ [CLASS]: 'deferrable', [MAX_DELAY]: maxDelay });

describe('Gatekeeper, with one piece of work that is trouble', () => {
  for (const code of ['server-error', 'timeout', 'forbidden'] as const) {
    it(`lets the others go in time while it always gets ${code}`, async () => {
      const scene = new Scene();
      scene.cluster.hold({ uid: 'bad', annotations: deferrable('1m') });
      scene.cluster.hold({ uid: 'late', annotations: deferrable('10m') });
      scene.cluster.hold({ uid: 'clean', annotations: deferrable('8h') });
      const fault: Fault = { when: 'before', code };
      scene.cluster.fault = (call, uid) => (call === 'release' && uid === 'bad' ? fault : undefined);
      const gatekeeper = await scene.leader();

      await scene.time.pass(11 * MINUTE);
      assert.deepEqual(scene.cluster.stillHeld, ['bad', 'clean']);
      scene.turn(CLEAN, gatekeeper);
      await scene.time.pass(10_000);

      assert.deepEqual(scene.cluster.stillHeld, ['bad']);
    });
  }

  it('releases in time a Job that somebody marked as released while our label is on it', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a', annotations: { ...deferrable('1m'), [RELEASED_AT]: '2026-01-01T00:00:00Z' } });
    await scene.leader();

    await scene.time.pass(2 * MINUTE);

    assert.deepEqual(scene.cluster.stillHeld, []);
    assert.equal(scene.cluster.calls.filter(({ call }) => call === 'release').length, 1);
  });

  it('releases what can never be done in time, however long it says that it takes', async () => {
    const scene = new Scene();
    const decision = JSON.stringify({ reason: 'intensity-above-threshold' });
    const annotations = { [CLASS]: 'deferrable', [DEADLINE]: '2026-03-03T00:00:00Z', [DECISION]: decision };
    scene.cluster.hold({ uid: 'a', annotations: { ...annotations, [EXPECTED_DURATION]: '104249991d' } });
    await scene.leader();

    await scene.time.pass(1_000);

    assert.deepEqual(scene.cluster.told('Released'), { a: 'deadline-near' });
  });

  it('goes on with the others where it cannot be decided on', async () => {
    const scene = new Scene();
    const scheduling = {
      get nodeSelector(): never {
        throw new Error('a fault');
      },
    } as never;
    scene.cluster.hold({ uid: 'bad', scheduling, annotations: deferrable('1m') });
    scene.cluster.hold({ uid: 'good', annotations: deferrable('2m') });
    await scene.leader();

    await scene.time.pass(3 * MINUTE);

    assert.deepEqual(scene.cluster.stillHeld, ['bad']);
  });

  it('looks again at work that is to wait after all, and that lost its label meanwhile', async () => {
    const scene = new Scene();
    scene.cluster.hold({ uid: 'a' });
    const gatekeeper = await scene.leader();
    await scene.time.pass(MINUTE);
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1);
    scene.cluster.edit('a', {}, { labelled: false });
    await scene.time.pass(3);
    scene.signal = { ...new Scene().signal, generation: scene.signal.generation + 1 };
    await scene.time.pass(1_000);

    assert.deepEqual([scene.cluster.stillHeld, scene.cluster.labelled('a')], [['a'], true]);
  });
});

describe('time of the gatekeeper', () => {
  /** Wall time that can be set, beside timers that go on as they were. */
  function clocks() {
    const time = new VirtualTime();
    const clock = { set: 0 };
    const now = (): Instant => instant(time.now() + clock.set);
    return { time, clock, now, timing: { ...timingOf(time), now } };
  }

  it('is late by half a minute at most where the clock jumps ahead', async () => {
    const { time, clock, now, timing } = clocks();
    let rung: Instant | null = null;
    const alarm = new Alarm(timing, () => {
      rung = now();
    });
    const at = now() + 2 * HOUR;
    alarm.set(at);
    await time.pass(MINUTE);
    clock.set = 3 * HOUR;
    await time.pass(30_000);

    assert.notEqual(rung, null);
  });

  it('rings at the very moment, however far away, and once', async () => {
    const { time, now, timing } = clocks();
    const rung: Instant[] = [];
    const alarm = new Alarm(timing, () => {
      rung.push(now());
    });
    const at = now() + 60 * 24 * HOUR + 7;
    alarm.set(at);
    await time.pass(61 * 24 * HOUR);

    assert.deepEqual(rung, [at]);
  });

  it('does not prolong a pause where the clock is put back', () => {
    const now = instant(Date.parse('2026-03-02T12:00:00Z'));
    const outage = new Outage(() => 0);
    outage.failed(now);
    assert.equal(outage.limit(now, 32), 0);

    const earlier = instant(now - HOUR);
    assert.deepEqual([outage.limit(earlier, 32), outage.next(earlier)], [1, null]);
  });

  it('waits for its end once, however often it is stopped', async () => {
    const scene = new Scene();
    scene.cluster.hold();
    const gatekeeper = await scene.leader();
    scene.cluster.latency = HOUR;
    scene.turn(CLEAN, gatekeeper);
    await scene.time.pass(1);
    let stopped = 0;
    for (const grace of [5_000, 5_000]) void gatekeeper.stop(millis(grace)).then(() => (stopped += 1));
    await scene.time.pass(5_000);
    assert.equal(stopped, 2);
    void gatekeeper.stop(millis(5_000)).then(() => (stopped += 1));
    await scene.time.pass(0);

    assert.equal(stopped, 3);
  });
});
