import assert from 'node:assert/strict';
import { SET, SignalStage } from '../../../support/signal-replicas.ts';
import type { Replica } from '../../../support/signal-replicas.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('a leader whose writes are not answered', function () {
  this.timeout(20 * SECOND);

  function published(stage: SignalStage): number {
    const [source] = JSON.parse(stage.shelf.maps.get(SET)?.data['sources.json'] ?? '[]') as {
      budget: { used: number };
    }[];
    return source?.budget.used ?? 0;
  }

  it('does not set the same requests aside again and again, until nothing is left of the day', async () => {
    const stage = new SignalStage();
    const leader = stage.replica('a', { perDay: 2_000 });
    leader.start();
    await stage.time.pass(5 * SECOND);
    leader.fate = (call) => (call === 'update' ? { lost: 'answer' } : {});

    await stage.time.pass(6 * HOUR);

    assert.ok(stage.asked.length > 20, `asked ${stage.asked.length} times`);
    assert.ok(published(stage) <= stage.asked.length + 50, `${published(stage)} used, ${stage.asked.length} asked`);
    assert.ok(published(stage) >= stage.asked.length);
  });

  it('publishes what it knows though somebody else has touched the ConfigMap meanwhile', async () => {
    const stage = new SignalStage({ zones: ['DE'] });
    const [leader, follower] = [stage.replica('a'), stage.replica('b')];
    leader.start();
    await stage.time.pass(SECOND);
    follower.start();
    await stage.time.pass(5 * SECOND);
    const touched: string[] = [];
    leader.fate = (call) => {
      const head = stage.shelf.maps.get(SET);
      const reported = stage.asked.length > 1 && touched.length === 0;
      if (call === 'update' && reported && head !== undefined) {
        touched.push(call);
        stage.shelf.put({ ...head, labels: { ...head.labels, by: 'hand' } });
      }
      return {};
    };

    while (touched.length === 0) await stage.time.pass(SECOND);
    await stage.time.pass(10 * SECOND);

    const fetched = (replica: Replica) => replica.chain.state().reports.map(({ fetchedAt }) => fetchedAt);
    assert.deepEqual(fetched(follower), fetched(leader));
  });
});
