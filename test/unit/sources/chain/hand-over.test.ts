import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, zone } from '../../../../src/carbon/units.ts';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { CLOSED } from '../../../../src/sources/chain/circuit.ts';
import type { ChainState } from '../../../../src/sources/chain/state.ts';
import { chainSource, ChainStage, FakeProvider, fails, gives, MANY } from '../../../support/fake-provider.ts';
import type { Script } from '../../../support/fake-provider.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';
import { HOUR, MINUTE, minutes, observed, zoneReport } from '../../../support/zone-reports.ts';

function replica(time: VirtualTime, first: Script = gives('first', 300), second: Script = gives('second', 200)) {
  const providers = [new FakeProvider('first', first), new FakeProvider('second', second)];
  return new ChainStage(() => providers.map((each) => chainSource(each, { now: time.now })), MANY, time);
}

describe('handing a chain over', () => {
  it('loses nothing', async () => {
    const time = new VirtualTime();
    const leader = replica(time, (of, asking) =>
      of === zone('Z3') ? Promise.reject(new Error('a mistake')) : gives('first', 300)(of, asking),
    );
    await leader.round();
    const state = leader.chain.state();
    const heir = replica(time);

    heir.chain.adopt(state);

    assert.deepEqual(heir.chain.state(), state);
    assert.deepEqual(heir.chain.readingsAt(time.now()), leader.chain.readingsAt(time.now()));
    assert.equal(state.reports.length, MANY.length);
  });

  it('survives being written as JSON', async () => {
    const time = new VirtualTime();
    const leader = replica(time, fails('rate-limited', HOUR), fails('no-data'));
    await leader.round();
    const heir = replica(time);

    heir.chain.adopt(JSON.parse(JSON.stringify(leader.chain.state())) as ChainState);

    assert.deepEqual(heir.chain.state(), leader.chain.state());
  });

  it('leaves the heir nothing to ask for that the leader has just asked', async () => {
    const time = new VirtualTime();
    const leader = replica(time, fails('unauthorized'));
    await leader.round();
    const heir = replica(time);

    heir.chain.adopt(leader.chain.state());

    assert.deepEqual([...heir.chain.due()], []);
    assert.equal(heir.chain.nextDue(), leader.chain.nextDue());
    assert.deepEqual(heir.told, [
      ['circuit', 'first', 'open'],
      ['budget', 'first', null],
      ['budget', 'second', null],
    ]);
    assert.equal(heir.changes, 1);
  });

  it('does not bring back a circuit that is known to have closed since', async () => {
    const time = new VirtualTime();
    const leader = replica(time, fails('unauthorized'));
    await leader.round();
    const old = leader.chain.state();
    const heir = replica(time);
    await time.pass(MINUTE);
    await heir.round();

    heir.chain.adopt(old);

    assert.deepEqual(heir.chain.state().sources[0]?.circuit, CLOSED);
    assert.equal(heir.reading('Z0'), '300 by first');
  });

  it('does not bring back a circuit that another replica has seen closed since', async () => {
    const time = new VirtualTime();
    const leader = replica(time, fails('unauthorized'));
    await leader.round();
    const [old, now] = [leader.chain.state(), instant(time.now() + 1)];
    const heir = replica(time);

    heir.chain.adopt({ ...old, takenAt: now, sources: old.sources.map((each) => ({ ...each, circuit: CLOSED })) });
    heir.chain.adopt(old);

    assert.deepEqual(heir.chain.state().sources[0]?.circuit, CLOSED);
  });

  it('passes over sources that the heir does not have', () => {
    const time = new VirtualTime();
    const heir = replica(time);
    const report = zoneReport({ source: 'other', zone: zone('Z0'), observed: [observed(0, 60, 1)] });

    heir.chain.adopt({ takenAt: time.now(), reports: [report], failures: [], sources: [] });

    assert.equal(heir.reading('Z0'), 'not-fetched');
  });

  it('passes over reports that are of no use any more', () => {
    const time = new VirtualTime();
    const heir = replica(time);
    const report = zoneReport({ zone: zone('Z0'), observed: [observed(-600, -540, 1)], fetchedAt: minutes(-540) });

    heir.chain.adopt({ takenAt: time.now(), reports: [report], failures: [], sources: [] });

    assert.deepEqual(heir.chain.state().reports, []);
  });

  const anyReport = fc
    .tuple(
      fc.constantFrom('Z0', 'Z1'),
      fc.constantFrom('first', 'second'),
      fc.integer({ min: -300, max: 0 }),
      fc.nat(900),
    )
    .map(([of, source, at, value]): ZoneReport => {
      const part = { zone: zone(of), source, fetchedAt: minutes(at) };
      return zoneReport({ ...part, observed: [observed(at - 30, at + 30, value)] });
    });

  it('never puts an older report in the place of a newer, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyReport, { maxLength: 6 }), { maxLength: 8 }), (states) => {
        const heir = replica(new VirtualTime());
        const newest = new Map<string, number>();
        for (const [index, reports] of states.entries()) {
          heir.chain.adopt({ takenAt: instant(index), reports, failures: [], sources: [] });
          for (const { source, zone: of, fetchedAt } of reports) {
            const key = `${source} ${of}`;
            newest.set(key, Math.max(newest.get(key) ?? -Infinity, fetchedAt));
          }
          const kept = heir.chain
            .state()
            .reports.map((each) => [`${each.source} ${each.zone}`, each.fetchedAt] as const);
          assert.deepEqual(new Map(kept), new Map([...newest].sort(byPlace(kept.map(([key]) => key)))));
        }
      }),
    );
  });
});

function byPlace(keys: readonly string[]) {
  return ([a]: readonly [string, number], [b]: readonly [string, number]): number => keys.indexOf(a) - keys.indexOf(b);
}
