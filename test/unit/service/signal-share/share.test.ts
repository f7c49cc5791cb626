import assert from 'node:assert/strict';
import { zone } from '../../../../src/carbon/units.ts';
import { fails, gives, hangs } from '../../../support/fake-provider.ts';
import { SET, SignalStage } from '../../../support/signal-replicas.ts';
import type { Replica } from '../../../support/signal-replicas.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('replicas that share the carbon signal', function () {
  this.timeout(20 * SECOND);
  let stage: SignalStage;
  let a: Replica;
  let b: Replica;

  beforeEach(() => {
    stage = new SignalStage();
    a = stage.replica('a');
    b = stage.replica('b');
  });

  const readings = (replica: Replica): readonly string[] =>
    stage.zones.map((zone) => replica.reading(zone, stage.time.now()));

  async function bothRun(): Promise<void> {
    a.start();
    await stage.time.pass(SECOND);
    b.start();
    await stage.time.pass(5 * SECOND);
  }

  it('ask once for all: the leader the provider, the others the leader', async () => {
    await bothRun();

    assert.deepEqual(readings(a), ['300 of 12:00', '300 of 12:00']);
    assert.deepEqual(readings(b), readings(a));
    assert.deepEqual(new Set(stage.asked.map(({ by }) => by)), new Set(['a']));
    assert.equal(stage.asked.length, 2);
    assert.deepEqual([a.share.role, b.share.role], ['leader', 'follower']);
    assert.deepEqual([...a.share.degraded(), ...b.share.degraded()], []);
  });

  it('see within two seconds what one zone has of a round, though another takes its time', async () => {
    const slow = stage.replica('slow', {
      script: async (of, asking) => {
        if (of === 'FR') await stage.time.delay(20 * SECOND);
        return gives('p', 300)(of, asking);
      },
    });
    slow.start();
    b.start();
    await stage.time.pass(2 * SECOND);
    assert.deepEqual(readings(b), ['300 of 12:00', 'not-fetched']);
    await stage.time.pass(20 * SECOND);
    assert.deepEqual(readings(b), ['300 of 12:00', '300 of 12:00']);
  });

  it('publish once a second at most, however often reports are completed', async () => {
    await bothRun();
    const before = a.events.length;

    for (let i = 0; i < 50; i += 1) {
      for (const name of stage.zones) a.chain.enrichAgain(zone(name));
      await stage.time.pass(100);
    }
    await stage.time.pass(2 * SECOND);

    const published = a.events.length - before;
    assert.ok(published >= 4 && published <= 7, String(published));
  });

  it('count requests before they are sent', async () => {
    const published: number[] = [];
    const watched = stage.replica('watched', {
      script: (of, asking) => {
        const sources = stage.shelf.maps.get(SET)?.data['sources.json'] ?? '[]';
        const [source] = JSON.parse(sources) as { budget: { used: number } }[];
        published.push(source?.budget.used ?? 0);
        assert.ok((source?.budget.used ?? 0) >= stage.asked.length, 'asked before it was counted');
        return gives('p', 300)(of, asking);
      },
    });
    watched.start();
    await stage.time.pass(3 * HOUR);

    assert.ok(published.length > 50);
    assert.ok((published.at(-1) ?? 0) < published.length + 25, 'no more is set aside than a block');
  });

  it('go on from what the last leader knew: reports, budget, circuit', async () => {
    const down = stage.replica('down', { script: fails('upstream-error') });
    down.start();
    await stage.time.pass(10 * MINUTE);
    const { circuit } = down.chain.state().sources[0] ?? {};
    assert.notEqual(circuit?.openUntil, null);
    const { used } = down.meter.state();
    await stage.stop(down);
    const before = stage.asked.length;
    b = stage.replica('b', { lag: () => HOUR });
    b.start();
    await stage.time.pass(SECOND);

    assert.equal(b.share.role, 'leader');
    assert.equal(stage.asked.length, before);
    assert.ok(b.meter.state().used >= used);
    assert.deepEqual(b.chain.state().sources[0]?.circuit, circuit);
  });

  it('ask for nothing that the last leader has just asked for', async () => {
    await bothRun();
    const before = stage.asked.length;
    await stage.stop(a);
    await stage.time.pass(10 * SECOND);

    assert.equal(b.share.role, 'leader');
    assert.equal(stage.asked.length, before);
    assert.deepEqual(readings(b), ['300 of 12:00', '300 of 12:00']);
    await stage.time.pass(5 * MINUTE);
    assert.equal(stage.asked.at(-1)?.by, 'b');
  });

  it('take over from a leader that died', async () => {
    await bothRun();
    a.kill();
    await stage.time.pass(HOUR);

    assert.equal(b.share.role, 'leader');
    assert.equal(stage.asked.at(-1)?.by, 'b');
    assert.deepEqual(b.share.degraded(), []);
  });

  it('stop asking the moment leadership is lost', async () => {
    const signals: AbortSignal[] = [];
    const asking = stage.replica('asking', {
      script: (_, { signal }) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    asking.start();
    await stage.time.pass(SECOND);
    asking.leasePassage = () => ({ there: HOUR, back: 0 });
    await stage.time.pass(11 * SECOND);

    assert.equal(asking.share.role, 'follower');
    assert.ok(signals.length > 0 && signals.every(({ aborted }) => aborted));
  });

  it('publish a state that one ConfigMap cannot hold in parts, and keep none that are old', async () => {
    stage = new SignalStage({ zones: Array.from({ length: 20 }, (_, index) => `ZONE-${index}`), maxBytes: 150 });
    let value = 300;
    const script = (...args: Parameters<ReturnType<typeof gives>>) => gives('p', (value += Math.E))(...args);
    const [large, other] = [stage.replica('large', { script }).start(), stage.replica('other').start()];
    await stage.time.pass(20 * MINUTE);

    const names = [...stage.shelf.maps.keys()].filter((name) => name !== SET);
    assert.ok(names.length > 2, names.join());
    const { parts } = JSON.parse(stage.shelf.maps.get(SET)?.data['manifest.json'] ?? '') as { parts: string[] };
    assert.deepEqual(names.toSorted(), parts.toSorted());
    assert.deepEqual(readings(other), readings(large));
  });

  it('ask each for itself without a cluster', async () => {
    const alone = stage.replica('alone', { standalone: true, perDay: 50 });
    alone.share.start();
    await alone.share.ready;
    assert.deepEqual(readings(alone), ['300 of 12:00', '300 of 12:00']);
    await stage.time.pass(24 * HOUR);

    assert.ok(stage.most <= 50 && stage.most >= 20, String(stage.most));
    assert.equal(stage.shelf.maps.size, 0);
    assert.equal(alone.share.role, 'standalone');
    await alone.stop();
  });

  it('are ready with a first state; and where no provider answers, after five seconds', async () => {
    const readyAt = new Map<string, number>();
    const follow = (replica: Replica): void => {
      void replica.share.ready.then(() => readyAt.set(replica.name, stage.time.monotonic()));
    };
    const hanging = stage.replica('hanging', { script: hangs });
    follow(hanging);
    hanging.start();
    await stage.time.pass(4_900);
    assert.equal(readyAt.size, 0);
    await stage.time.pass(200);
    assert.deepEqual([...readyAt], [['hanging', 5_000]]);

    hanging.kill();
    await stage.time.pass(MINUTE);
    a.start();
    await stage.time.pass(SECOND);
    follow(b);
    b.start();
    await stage.time.pass(SECOND);
    assert.ok((readyAt.get('b') ?? Infinity) <= stage.time.monotonic());
  });

  it('end in any state, leaving no round behind', async () => {
    const hanging = stage.replica('hanging', { script: hangs }).start();
    b.start();
    await stage.time.pass(20 * SECOND);
    await Promise.all([hanging.stop(), b.stop(), stage.time.pass(10 * SECOND)]);
    const [calls, asked] = [stage.shelf.calls.length, stage.asked.length];
    await stage.time.pass(HOUR);

    assert.deepEqual([stage.shelf.calls.length, stage.asked.length], [calls, asked]);
  });
});
