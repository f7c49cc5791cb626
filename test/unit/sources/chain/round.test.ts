import assert from 'node:assert/strict';
import { millis, zone } from '../../../../src/carbon/units.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import {
  chainSource,
  ChainStage,
  FakeProvider,
  fails,
  gives,
  hangs,
  MANY,
  twoSources,
} from '../../../support/fake-provider.ts';
import type { Script } from '../../../support/fake-provider.ts';
import { HOUR, MINUTE, zoneReport } from '../../../support/zone-reports.ts';

describe('a round of the chain', () => {
  it('asks the first source alone where it has a fresh value', async () => {
    const { stage, second } = twoSources(gives('first', 300), gives('second', 200));

    await stage.round();

    assert.equal(stage.reading(), '300 by first');
    assert.equal(second.calls.length, 0);
  });

  const failing: Record<string, Script> = {
    'the provider fails': fails('upstream-error'),
    'the zone fails': fails('unknown-zone'),
    'the answer is of another zone': (_of, asking) => gives('first', 300)(zone('FR'), asking),
    'the answer is of another kind': gives('first', 300, { kind: 'marginal' }),
    'there is no answer': () => new ProviderFailure('no-data', 'nothing'),
    'something else is thrown': () => Promise.reject(new TypeError('a mistake of ours')),
    'the values are of a sandbox': gives('first', 300, { sandbox: true }),
  };
  for (const [circumstance, script] of Object.entries(failing)) {
    it(`asks the next source at once where ${circumstance}`, async () => {
      const { stage } = twoSources(script, gives('second', 200));

      await stage.round();

      assert.equal(stage.reading(), '200 by second');
      const kept = stage.chain.state().reports.filter(({ sandbox }) => !sandbox);
      assert.deepEqual(
        kept.map(({ source, zone: of }) => [source, of]),
        [['second', 'DE']],
      );
    });
  }

  it('asks the next source where the data is old, and says so', async () => {
    const { stage } = twoSources(
      (of, asking) => gives('first', 300)(of, { ...asking, now: (asking.now - 3 * HOUR) as never }),
      gives('second', 200),
    );

    await stage.round();

    assert.equal(stage.reading(), '200 by second');
    assert.ok(stage.told.some((each) => each.join(' ') === 'report first DE stale-data'));
    assert.deepEqual(
      stage.chain.state().failures.map(({ source, reason }) => [source, reason]),
      [['first', 'stale-data']],
    );
  });

  it('keeps a value whose data is old where nobody has a better one', async () => {
    const old: Script = (of, asking) => gives('first', 300)(of, { ...asking, now: (asking.now - 3 * HOUR) as never });
    const { stage } = twoSources(old, fails('timeout'));

    await stage.round();

    assert.equal(stage.reading(), '300 by first');
  });

  it('does not put old data in the place of newer', async () => {
    const { stage, first } = twoSources(gives('first', 300), fails('timeout'));
    await stage.round();
    first.script = (of, asking) =>
      zoneReport({
        ...{ ...(gives('first', 111)(of, { ...asking, now: (asking.now - 2 * HOUR) as never }) as object) },
        fetchedAt: asking.now,
      });

    await stage.time.pass(5 * MINUTE);
    await stage.round();

    assert.equal(first.calls.length, 2);
    assert.equal(stage.reading(), '300 by first');
  });

  it('asks a source for a zone no more often than its refresh interval', async () => {
    const { stage, first } = twoSources(gives('first', 300), gives('second', 200));

    for (let i = 0; i < 11; i += 1) {
      await stage.round();
      await stage.time.pass(MINUTE);
    }

    assert.deepEqual(
      first.calls.map(({ at }) => (at - (first.calls[0]?.at ?? 0)) / MINUTE),
      [0, 5, 10],
    );
  });

  it('asks at most four zones of one source at a time', async () => {
    const { stage, first } = twoSources(
      async (of, asking) => {
        await stage.time.delay(1000);
        return gives('first', 300)(of, asking);
      },
      fails('timeout'),
      MANY,
    );

    await stage.round(10_000);

    assert.equal(first.mostUnderWay, 4);
    assert.equal(first.calls.length, MANY.length);
  });

  it('asks a source that serves all for every due zone in one call', async () => {
    const all = new FakeProvider('all', gives('all', 100), { serves: 'all' });
    const stage = new ChainStage(() => [chainSource(all)], MANY);

    await stage.round();

    assert.deepEqual(
      all.calls.map(({ zones }) => zones),
      [MANY],
    );
    assert.deepEqual(new Set(MANY.map((each) => stage.reading(each))), new Set(['100 by all']));
  });

  it('lets one zone of such a call fail alone', async () => {
    const script: Script = (of, asking) =>
      of === zone('Z3') ? new ProviderFailure('implausible', '9999') : gives('all', 100)(of, asking);
    const all = new FakeProvider('all', script, { serves: 'all' });
    const stage = new ChainStage(() => [chainSource(all)], MANY);

    await stage.round();

    assert.equal(stage.reading('Z3'), 'source-failing');
    assert.equal(stage.reading('Z4'), '100 by all');
  });

  it('does not let a hanging provider delay zones that are not its own', async () => {
    const hanging = new FakeProvider('hanging', hangs);
    const other = new FakeProvider('other', gives('other', 50));
    const stage = new ChainStage(
      () => [
        chainSource(hanging, { nameOf: (name) => (name === zone('DE') ? name : null) }),
        chainSource(other, { nameOf: (name) => (name === zone('FR') ? name : null) }),
      ],
      ['DE', 'FR'],
    );

    const over = stage.chain.round(new AbortController().signal);
    await stage.time.pass(0);

    assert.equal(stage.reading('FR'), '50 by other');
    assert.equal(stage.changes, 1);
    await stage.time.pass(30_000);
    await over;
    assert.equal(stage.reading('DE'), 'source-failing');
  });

  it('falls back from a hanging provider after its patience, for all zones at once', async () => {
    const { stage, first } = twoSources(hangs, gives('second', 200), MANY);

    await stage.round(30_000);

    assert.equal(first.calls.length, 4);
    assert.deepEqual(new Set(MANY.map((each) => stage.reading(each))), new Set(['200 by second']));
  });

  it('is joined by a second call', async () => {
    const { stage, first } = twoSources(async (of, asking) => {
      await stage.time.delay(1000);
      return gives('first', 300)(of, asking);
    }, fails('timeout'));

    const rounds = Promise.all([stage.round(2000), stage.chain.round(new AbortController().signal)]);
    await rounds;

    assert.equal(first.calls.length, 1);
  });

  it('ends when it is given up, and holds that against nobody', async () => {
    const { stage } = twoSources(hangs, gives('second', 200));
    const giving = new AbortController();

    const over = stage.chain.round(giving.signal);
    await stage.time.pass(1000);
    giving.abort();
    await over;

    assert.deepEqual(stage.chain.state().failures, []);
    assert.equal(stage.chain.state().sources[0]?.circuit.failures, 0);
  });

  it('ends after two minutes at most, whatever hangs', async () => {
    const provider = new FakeProvider('first', hangs);
    const stage = new ChainStage(() => [chainSource(provider, { patience: millis(HOUR) })]);

    let ended = false;
    void stage.chain.round(new AbortController().signal).then(() => (ended = true));
    await stage.time.pass(2 * MINUTE - 1);
    assert.equal(ended, false);
    await stage.time.pass(1);

    assert.equal(ended, true);
  });
});
