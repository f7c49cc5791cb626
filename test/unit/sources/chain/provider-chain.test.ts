import assert from 'node:assert/strict';
import { zone } from '../../../../src/carbon/units.ts';
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
import { HOUR, MINUTE } from '../../../support/zone-reports.ts';

describe('ProviderChain', () => {
  describe('what is due', () => {
    it('is every zone of the first source at first, and of the others too, since it may fail', async () => {
      const { stage } = twoSources(gives('first', 300), gives('second', 200), MANY);

      assert.deepEqual(
        [...stage.chain.due()],
        [
          ['first', 14],
          ['second', 14],
        ],
      );
      assert.equal(stage.chain.nextDue(), stage.time.now());
      await stage.round();
      assert.deepEqual([...stage.chain.due()], []);
      assert.equal(stage.chain.nextDue(), stage.time.now() + 5 * MINUTE);
      await stage.time.pass(5 * MINUTE);
      assert.deepEqual([...stage.chain.due()], [['first', 14]]);
    });

    it('is one report of a source that serves all', () => {
      const all = new FakeProvider('all', gives('all', 1), { serves: 'all' });
      const stage = new ChainStage(() => [chainSource(all, { requestsPerReport: 3 })], MANY);
      assert.deepEqual([...stage.chain.due()], [['all', 5]]);
    });

    it('is nothing without zones', () => {
      const { stage } = twoSources(gives('first', 300), gives('second', 200), []);

      assert.equal(stage.chain.nextDue(), null);
      assert.deepEqual([...stage.chain.due()], []);
    });

    it('waits for an open circuit', async () => {
      const { stage } = twoSources(fails('unauthorized'), gives('second', 200));
      await stage.round();
      assert.equal(stage.chain.nextDue(), stage.time.now() + 30_000);
    });

    it('never asks for a round that then does nothing', async () => {
      const { stage, first, second } = twoSources(fails('timeout'), fails('no-data'), MANY);
      for (let rounds = 0; rounds < 200; rounds += 1) {
        const due = stage.chain.nextDue() ?? Infinity;
        if (due > stage.time.now()) await stage.time.pass(due - stage.time.now());
        const before = first.calls.length + second.calls.length;
        await stage.round();
        assert.ok(first.calls.length + second.calls.length > before, `round ${rounds}`);
      }
    });
  });

  describe('readings', () => {
    it('are not fetched before the first round', () => {
      const { stage } = twoSources(gives('first', 300), gives('second', 200));
      assert.equal(stage.reading(), 'not-fetched');
    });

    it('are unmapped where no source has a name for the zone', async () => {
      const stage = new ChainStage(() => [
        chainSource(new FakeProvider('first', gives('first', 1)), { nameOf: () => null }),
      ]);

      await stage.round();

      assert.equal(stage.reading(), 'zone-unmapped');
      assert.equal(stage.chain.nextDue(), null);
    });

    it('are those of the zones in use, and of no other', async () => {
      const { stage, first } = twoSources(gives('first', 300), gives('second', 200), ['DE', 'FR']);
      await stage.round();

      stage.chain.useZones([zone('FR'), zone('ES')]);
      await stage.round();

      assert.deepEqual([stage.reading('DE'), stage.reading('FR')], ['none', '300 by first']);
      assert.deepEqual(
        first.calls.map(({ zones }) => zones[0]),
        ['DE', 'FR', 'ES'],
      );
      assert.deepEqual(
        stage.chain.state().reports.map((report) => report.zone),
        ['FR', 'ES'],
      );
    });

    it('are of a source of another kind only where none of the wanted kind has a value', async () => {
      const marginal = new FakeProvider('marginal', gives('marginal', 900, { kind: 'marginal' }), { kind: 'marginal' });
      const average = new FakeProvider('average', gives('average', 300));
      const stage = new ChainStage(() => [chainSource(marginal), chainSource(average)]);

      await stage.round();
      assert.equal(stage.reading(), '300 by average');
      assert.equal(marginal.calls.length, 0);
      stage.chain.wanted({ kind: 'marginal', factor: 'lifecycle' });
      await stage.round();
      assert.equal(stage.reading(), '900 by marginal');
      average.script = fails('timeout');
      stage.chain.wanted({ kind: 'average', factor: 'lifecycle' });
      await stage.time.pass(7 * HOUR);
      await stage.round();

      const reading = stage.chain.readingsAt(stage.time.now()).get(zone('DE'));
      assert.equal(reading?.state === 'known' && reading.kind, 'marginal');
    });

    it('change at the step boundaries and ages of what they serve', async () => {
      const { stage } = twoSources(gives('first', 300), gives('second', 200));
      assert.equal(stage.chain.nextChange(stage.time.now()), null);
      await stage.round();

      const fresh = stage.chain.nextChange(stage.time.now());
      const valid = stage.chain.nextChange((stage.time.now() + HOUR) as never);

      assert.equal(fresh, stage.time.now() + HOUR);
      assert.equal(valid, stage.time.now() + 7 * HOUR);
    });
  });

  it('enriches what it fetches, and does without where that fails', async () => {
    const { stage, first } = twoSources(gives('first', 300), gives('second', 200));
    stage.chain.enrich((report) => ({ ...report, constant: true }));
    await stage.round();
    assert.equal(stage.chain.state().reports[0]?.constant, true);

    stage.chain.enrich(() => {
      throw new Error('a mistake of ours');
    });
    await stage.time.pass(5 * MINUTE);
    await stage.round();

    assert.equal(first.calls.length, 2);
    assert.equal(stage.chain.state().reports[0]?.constant, null);
  });

  it('closes its providers, and gives up what hangs', async () => {
    const { stage, first, second } = twoSources(hangs, gives('second', 200));
    const over = stage.chain.round(new AbortController().signal);

    await stage.chain.close();
    await over;

    assert.deepEqual([first.closed, second.closed], [true, true]);
  });
});
