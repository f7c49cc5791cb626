import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../src/carbon/units.ts';
import { LEASE_TIMING, LeaseHolder } from '../../../src/kubernetes/lease.ts';
import { holderOf } from '../../../src/kubernetes/lease-record.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { AT_ONCE, LeaseServer } from '../../support/lease-server.ts';
import type { Passage } from '../../support/lease-server.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const LEASE = { namespace: 'lowtide', name: 'gatekeeper' };

interface Setting {
  readonly passage?: () => Passage;
  /** What onStopped waits for. */
  readonly windDown?: () => Promise<void>;
  readonly random?: () => number;
}

describe('LeaseHolder', () => {
  let time: VirtualTime;
  let server: LeaseServer;
  let events: string[];

  beforeEach(() => {
    time = new VirtualTime();
    server = new LeaseServer(time);
    events = [];
  });

  function holder(identity: string, { passage, windDown, random = () => 0.5 }: Setting = {}): LeaseHolder {
    const { now, monotonic, delay } = time;
    return new LeaseHolder({
      store: server.store(passage),
      lease: LEASE,
      identity,
      timing: { ...LEASE_TIMING, now, monotonic, delay, random },
      observer: {
        onStarted: () => events.push(`${identity} started`),
        onStopped: async (why) => {
          await windDown?.();
          events.push(`${identity} ${why}`);
        },
      },
    });
  }

  const spec = (key: string): unknown => member(member(server.lease, 'spec'), key);

  it('makes the Lease where there is none, with six digits in its times', async () => {
    const a = holder('a');
    a.start();
    await time.pass(0);

    assert.ok(a.isLeader);
    assert.deepEqual(member(server.lease, 'spec'), {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-03-02T12:00:00.000000Z',
      renewTime: '2026-03-02T12:00:00.000000Z',
      leaseTransitions: 0,
    });
  });

  it('renews every retry period, keeps the time of acquiring, and writes without reading', async () => {
    const a = holder('a');
    a.start();
    await time.pass(60_000);

    assert.deepEqual(events, ['a started']);
    assert.equal(server.written.length, 31);
    assert.equal(spec('acquireTime'), '2026-03-02T12:00:00.000000Z');
    assert.equal(spec('renewTime'), '2026-03-02T12:01:00.000000Z');
  });

  it('keeps fields that it does not know', async () => {
    server.lease = { metadata: { labels: { x: 'y' } }, spec: { strategy: 'new' } };
    holder('a').start();
    await time.pass(5_000);

    assert.equal(spec('strategy'), 'new');
    assert.deepEqual(member(member(server.lease, 'metadata'), 'labels'), { x: 'y' });
    assert.equal(spec('leaseTransitions'), 1);
  });

  it('waits a whole lease duration after it first saw a record that does not change, whatever its times say', async () => {
    const old = { holderIdentity: 'dead', renewTime: '2020-01-01T00:00:00.000000Z', leaseTransitions: 7 };
    server.lease = { spec: old };
    const a = holder('a', { random: () => 0 });
    a.start();

    await time.pass(14_999);
    assert.ok(!a.isLeader);
    await time.pass(2_001);

    assert.ok(a.isLeader);
    assert.equal(spec('leaseTransitions'), 8);
  });

  it('takes over after the leader has died', async () => {
    let alive = true;
    const a = holder('a', { passage: () => (alive ? AT_ONCE : { there: 1e9, back: 0 }) });
    const b = holder('b');
    a.start();
    await time.pass(1_000);
    b.start();
    await time.pass(20_000);
    assert.deepEqual([a.isLeader, b.isLeader], [true, false]);

    alive = false;
    await time.pass(10_100);
    assert.deepEqual([a.isLeader, b.isLeader], [false, false]);
    await time.pass(15_000);

    assert.ok(b.isLeader);
    assert.deepEqual(events, ['a started', 'a lost', 'b started']);
  });

  it('stops by itself when renewals hang, at the renew deadline', async () => {
    let hangs = false;
    const a = holder('a', { passage: () => (hangs ? { there: 60_000, back: 0 } : AT_ONCE) });
    a.start();
    await time.pass(2_000);
    hangs = true;

    await time.pass(9_999);
    assert.ok(a.isLeader);
    await time.pass(1);

    assert.ok(!a.isLeader);
    assert.deepEqual(events, ['a started', 'a lost']);
  });

  it('does not lead by an answer that comes too late', async () => {
    const a = holder('a', { passage: () => ({ there: 0, back: 5_100 }) });
    a.start();

    await time.pass(60_000, () => {
      assert.ok(!a.isLeader);
    });

    assert.deepEqual(events, []);
  });

  it('goes on through failures shorter than the renew deadline', async () => {
    const a = holder('a', {
      passage: () => (time.monotonic() % 20_000 < 6_000 ? { ...AT_ONCE, lost: 'request' } : AT_ONCE),
    });
    a.start();
    await time.pass(9_000);
    await time.pass(120_000, () => {
      assert.ok(a.isLeader);
    });

    assert.deepEqual(events, ['a started']);
  });

  it('stops at once when it finds another in its place', async () => {
    const a = holder('a');
    a.start();
    await time.pass(1_000);
    server.lease = { metadata: { resourceVersion: '99' }, spec: { holderIdentity: 'thief' } };

    await time.pass(2_000);

    assert.ok(!a.isLeader);
    assert.deepEqual(events, ['a started', 'a lost']);
  });

  it('hands over at once when it is stopped, after its work has ended', async () => {
    const a = holder('a', { windDown: () => time.delay(3_000) });
    const b = holder('b', { random: () => 0 });
    a.start();
    await time.pass(500);
    b.start();
    await time.pass(5_000);
    const stopped = a.stop();
    await time.pass(2_900);
    assert.equal(holderOf(server.lease), 'a');
    await time.pass(2_200);
    await stopped;

    assert.ok(b.isLeader);
    assert.deepEqual(events, ['a started', 'a stopped', 'b started']);
    assert.equal(spec('leaseTransitions'), 1);
  });

  it('gives up a Lease whose last renewal was cut off by the stop', async () => {
    const slow = { there: 100, back: 3_000 };
    const a = holder('a', { passage: () => (time.monotonic() > 1_000 && time.monotonic() < 2_500 ? slow : AT_ONCE) });
    a.start();
    await time.pass(2_200);
    const stopped = a.stop();
    await time.pass(4_000);
    await stopped;

    assert.equal(holderOf(server.lease), null);
  });

  it('stops while it waits, and leaves the Lease of another alone', async () => {
    const [a, b] = [holder('a'), holder('b')];
    a.start();
    await time.pass(100);
    b.start();
    await time.pass(3_000);
    const stopped = b.stop();
    await time.pass(10);
    await stopped;

    assert.equal(holderOf(server.lease), 'a');
    assert.deepEqual(events, ['a started']);
  });

  it('never has two leaders, whatever is delayed, lost or restarted', async () => {
    const passage = fc.record({
      there: fc.oneof(fc.nat(50), fc.nat(20_000)),
      back: fc.oneof(fc.nat(50), fc.nat(20_000)),
      lost: fc.option(fc.constantFrom('request' as const, 'answer' as const), { nil: undefined }),
    });
    const script = fc.array(passage, { minLength: 1, maxLength: 30 });
    const leaders = new Set<string>();
    const property = fc.asyncProperty(
      script,
      script,
      fc.array(fc.nat(60_000), { maxLength: 3 }),
      async (p, q, stops) => {
        time = new VirtualTime();
        server = new LeaseServer(time);
        let most = 0;
        const running: LeaseHolder[] = [];
        const begin = (name: string, passages: readonly (typeof p)[number][]): void => {
          let request = 0;
          // After the script the network is well again.
          const next = (): Passage => (passages[request++] ?? AT_ONCE) as Passage;
          const one = holder(name, { passage: next, random: () => (request % 7) / 7 });
          running.push(one);
          one.start();
        };
        const look = (): void => {
          const now = running.filter(({ isLeader }) => isLeader);
          most = Math.max(most, now.length);
        };
        begin('a', p);
        begin('b', q);
        for (const [index, ms] of stops.entries()) {
          await time.pass(ms, look);
          void running[index]?.stop();
          begin(`c${index}`, index % 2 === 0 ? q : p);
        }
        await time.pass(200_000, look);
        leaders.add(events.at(-1) ?? '');

        assert.equal(most, 1);
      },
    );
    await fc.assert(property, { numRuns: 60 });
    assert.ok(leaders.size > 1, 'more than one ever led');
  }).timeout(30_000);

  it('refuses lengths of time that contradict one another', () => {
    const timing = { ...LEASE_TIMING, renewDeadline: millis(15_000) };
    const observer = { onStarted: () => undefined, onStopped: () => undefined };

    assert.throws(() => new LeaseHolder({ store: server.store(), lease: LEASE, identity: 'a', observer, timing }));
  });
});
