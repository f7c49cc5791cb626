import assert from 'node:assert/strict';
import { gives } from '../../../support/fake-provider.ts';
import { zone } from '../../../../src/carbon/units.ts';
import { SET, SignalStage } from '../../../support/signal-replicas.ts';
import type { Replica } from '../../../support/signal-replicas.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('replicas whose sharing is disturbed', function () {
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

  it('heal what somebody deleted', async () => {
    await bothRun();
    stage.shelf.remove(SET);
    await stage.time.pass(2 * SECOND);

    assert.ok(stage.shelf.maps.has(SET));
    assert.deepEqual(a.troubles, []);
    const c = stage.replica('c').start();
    await stage.time.pass(SECOND);
    assert.deepEqual(readings(c), readings(a));
  });

  it('survive what somebody else wrote there, keep what they knew, and put their own back', async () => {
    await bothRun();
    const head = stage.shelf.maps.get(SET);
    assert.ok(head);
    const foreign = { 'manifest.json': '{"format":99}', hello: 'world' };
    stage.shelf.put({ ...head, data: foreign, binary: { other: Buffer.alloc(10) } });
    await stage.time.pass(3 * SECOND);

    assert.deepEqual(readings(b), ['300 of 12:00', '300 of 12:00']);
    const healed = stage.shelf.maps.get(SET);
    assert.deepEqual(Object.keys(healed?.data ?? {}).toSorted(), ['manifest.json', 'sources.json']);
    assert.deepEqual(Object.keys(healed?.binary ?? {}), ['payload.gz']);
    assert.deepEqual(
      a.troubles.map(({ trouble }) => trouble),
      ['unreadable'],
    );
    assert.match(b.troubles[0]?.detail ?? '', /manifest\.json\.format: expected format 1/);
    assert.deepEqual(b.share.degraded(), []);
  });

  it('keep the budget where the reports are lost', async () => {
    await bothRun();
    const head = stage.shelf.maps.get(SET);
    assert.ok(head);
    const { used } = a.meter.state();
    await stage.stop(a);
    await stage.stop(b);
    stage.shelf.put({ ...head, binary: { 'payload.gz': Buffer.from('broken') } });
    const c = stage.replica('c').start();
    await stage.time.pass(SECOND);

    assert.ok(c.meter.state().used > used);
    assert.match(c.troubles[0]?.detail ?? '', /payload: not what was written/);
  });

  it('go on with what is set aside while publishing fails, and then ask no more', async () => {
    const few = stage.replica('few', { perDay: 600 }).start();
    await stage.time.pass(SECOND);
    const aside = few.meter.aside();
    few.fate = (call) => (call === 'update' ? { lost: 'request', code: 'server-error' } : {});
    const before = stage.asked.length;
    await stage.time.pass(3 * HOUR);

    assert.equal(stage.asked.length, before + aside);
    assert.match(few.share.degraded().join(), /^the carbon signal is not shared: /);
    few.fate = () => ({});
    await stage.time.pass(10 * MINUTE);
    assert.ok(stage.asked.length > before + aside);
    assert.deepEqual(few.share.degraded(), []);
  });

  it('leave no parts behind that they could not publish', async () => {
    stage = new SignalStage({ zones: Array.from({ length: 9 }, (_, index) => `ZONE-${index}`), maxBytes: 100 });
    let value = 300;
    const one = stage.replica('one', { script: (...asked) => gives('p', (value += Math.E))(...asked) }).start();
    await stage.time.pass(SECOND);
    one.fate = (call) => (call === 'update' ? { lost: 'request', code: 'server-error' } : {});
    await stage.time.pass(20 * MINUTE);
    const stranded = stage.shelf.maps.size;
    one.fate = () => ({});
    await stage.time.pass(MINUTE);

    const { parts } = JSON.parse(stage.shelf.maps.get(SET)?.data['manifest.json'] ?? '') as { parts: string[] };
    assert.deepEqual([...stage.shelf.maps.keys()].toSorted(), [SET, ...parts].toSorted());
    assert.ok(stranded > parts.length + 1);
  });

  it('wait a first failure to publish out, so that nothing is asked in vain', async () => {
    let failures = 1;
    const unlucky = stage.replica('unlucky');
    unlucky.fate = (call) => (call === 'create' && (failures -= 1) >= 0 ? { lost: 'request' } : {});
    unlucky.start();
    await stage.time.pass(5 * SECOND);

    assert.equal(stage.asked.length, 2);
    assert.deepEqual(readings(unlucky), ['300 of 12:00', '300 of 12:00']);
    assert.deepEqual(unlucky.chain.state().failures, []);
  });

  it('set aside what becomes due while they publish, too, before they ask', async () => {
    const one = stage.replica('one', { perDay: 400 });
    one.fate = (call) => (call === 'create' ? { there: 500, back: 500 } : {});
    one.start();
    await stage.time.pass(600);
    const zones = Array.from({ length: 40 }, (_, index) => zone(`ZONE-${index}`));
    one.chain.useZones(zones);
    await stage.time.pass(3 * SECOND);

    assert.equal(stage.asked.length, 40);
    assert.deepEqual(one.chain.state().failures, []);
  });

  it('ask each for itself where the API server refuses ConfigMaps, and say so', async () => {
    const refused = stage.replica('refused');
    refused.fate = () => ({ lost: 'request', code: 'forbidden' });
    refused.start();
    await stage.time.pass(30 * SECOND);

    assert.deepEqual(readings(refused), ['300 of 12:00', '300 of 12:00']);
    assert.deepEqual(refused.share.degraded(), ['the API server refuses ConfigMaps: the carbon signal is not shared']);
    assert.deepEqual(
      refused.troubles.map(({ trouble }) => trouble),
      ['refused'],
    );

    refused.fate = () => ({});
    await stage.time.pass(2 * MINUTE);
    assert.deepEqual(refused.share.degraded(), []);
    assert.ok(stage.shelf.maps.has(SET));
  });

  it('ask for nothing while it is not known what the last leader has used', async () => {
    await bothRun();
    await stage.stop(a);
    const fresh = stage.replica('fresh');
    fresh.fate = () => ({ lost: 'request', code: 'server-error' });
    b.kill();
    fresh.start();
    const before = stage.asked.length;
    await stage.time.pass(HOUR);

    assert.equal(fresh.share.role, 'leader');
    assert.equal(stage.asked.length, before);
    assert.match(fresh.share.degraded().join(), /is not shared: /);
    fresh.fate = () => ({});
    await stage.time.pass(MINUTE);
    assert.ok(stage.asked.length > before);
  });

  it('tell when nobody asks any more', async () => {
    await bothRun();
    b.leasePassage = () => ({ there: 1e9, back: 0 });
    a.kill();
    await stage.time.pass(5 * MINUTE);

    assert.match(b.share.degraded().join(), /^the published carbon signal is \d+ s old: no replica asks/);
    assert.deepEqual(readings(b), ['300 of 12:00', '300 of 12:00']);
  });

  it('keep budgets of sources that only another configuration has', async () => {
    const other =
      '{"id":"other","circuit":{"failures":0,"openUntil":null,"reason":null},"budget":{"day":20514,"used":77}}';
    stage.shelf.put({ name: SET, labels: {}, data: { 'sources.json': `[${other}]` }, binary: {} });
    a.start();
    await stage.time.pass(HOUR);

    assert.ok(stage.shelf.maps.get(SET)?.data['sources.json']?.includes(other));
  });

  it('take nothing that claims to come from the future', async () => {
    await bothRun();
    const at = stage.time.now() + 48 * HOUR;
    const far = `[{"id":"p","circuit":{"failures":9,"openUntil":${at * 2},"reason":null},"budget":{"day":99999,"used":9}}]`;
    const head = stage.shelf.maps.get(SET);
    assert.ok(head);
    stage.shelf.put({ ...head, data: { ...head.data, 'sources.json': far } });
    await stage.time.pass(HOUR);

    assert.ok((stage.asked.at(-1)?.at ?? 0) > stage.time.now() - 10 * MINUTE);
    assert.ok(a.meter.state().day < 99_999);
  });
});
