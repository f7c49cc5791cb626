import assert from 'node:assert/strict';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import { chainSource, ChainStage, FakeProvider, gives, MANY } from '../../../support/fake-provider.ts';
import type { TwoSources } from '../../../support/fake-provider.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';
import { DAY, HOUR, MINUTE } from '../../../support/zone-reports.ts';

describe('the chain within limits', () => {
  function limited(limits: { perDay?: number; perMinute?: number }, zones = MANY): TwoSources {
    const time = new VirtualTime();
    const meter = new Meter({ perDay: null, perMinute: null, ...limits, now: time.now });
    const first = new FakeProvider('first', gives('first', 300), { meter });
    const second = new FakeProvider('second', gives('second', 200));
    const stage = new ChainStage(() => [chainSource(first, { meter }), chainSource(second)], zones, time);
    return { stage, first, second };
  }

  it('asks the next source where the minute allows no more, and the first again in the next', async () => {
    const { stage, first } = limited({ perMinute: 7 });

    await stage.round();
    const byFirst = MANY.filter((each) => stage.reading(each) === '300 by first');
    await stage.time.pass(MINUTE);
    await stage.round();

    assert.equal(byFirst.length, 7);
    assert.equal(first.calls.length, 12);
    assert.deepEqual(new Set(MANY.map((each) => stage.reading(each))), new Set(['300 by first']));
  });

  it('spreads what the day allows until midnight', async () => {
    const { stage, first } = limited({ perDay: 48 }, ['DE', 'FR']);
    for (let i = 0; i < 12 * 60; i += 1) {
      await stage.round();
      await stage.time.pass(MINUTE);
    }

    const gaps = first.calls.slice(2).map(({ at }, i) => (at - (first.calls[i]?.at ?? 0)) / MINUTE);
    const last = (stage.time.now() - (first.calls.at(-1)?.at ?? 0)) / MINUTE;
    assert.ok(last < 40, `the last ${last} min before midnight`);
    assert.ok(first.calls.length > 44, `${first.calls.length} of 48`);
    assert.ok(Math.max(...gaps) < 40, `longest gap ${Math.max(...gaps)} min`);
  });

  it('counts a budget that is used up against nobody', async () => {
    const { stage } = limited({ perDay: 5 });

    await stage.round();

    const [first] = stage.chain.state().sources;
    assert.equal(first?.circuit.failures, 0);
    assert.equal(MANY.filter((each) => stage.reading(each) === '200 by second').length, 7);
  });

  it('has nothing due while a day is used up, and goes on at midnight', async () => {
    const { stage, first } = limited({ perDay: 2 }, ['DE', 'FR', 'ES']);
    const sole = stage.chain;
    await stage.round();
    await stage.time.pass(2 * HOUR);

    assert.ok(!sole.due().has('first'));
    await stage.time.pass(DAY / 2);
    assert.ok(sole.due().has('first'));
    await stage.round();
    assert.equal(first.calls.length, 4);
  });
});
