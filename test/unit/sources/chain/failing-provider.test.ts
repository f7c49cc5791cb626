import assert from 'node:assert/strict';
import { zone } from '../../../../src/carbon/units.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import { fails, gives, MANY, twoSources } from '../../../support/fake-provider.ts';
import { HOUR, MINUTE } from '../../../support/zone-reports.ts';

describe('the chain with a failing provider', () => {
  it('opens its circuit after three failures, and asks it no more', async () => {
    const { stage, first } = twoSources(fails('upstream-error'), gives('second', 200), MANY);

    await stage.round();
    await stage.round();

    assert.equal(first.calls.length, 4);
    assert.ok(stage.told.some((each) => each.join(' ') === 'circuit first open'));
    assert.ok(stage.told.some((each) => each.join(' ') === 'report first Z11 circuit-open'));
  });

  it('probes with one request, and asks for all zones in the same round when that succeeds', async () => {
    const { stage, first } = twoSources(fails('upstream-error'), gives('second', 200), MANY);
    await stage.round();
    await stage.time.pass(30_000);
    await stage.round();
    const whileFailing = first.calls.length;
    first.script = gives('first', 300);
    await stage.time.pass(MINUTE);

    await stage.round();

    assert.equal(whileFailing, 5);
    assert.equal(first.calls.length, whileFailing + MANY.length);
    assert.deepEqual(new Set(MANY.map((each) => stage.reading(each))), new Set(['300 by first']));
    assert.deepEqual(
      stage.told.filter(([what]) => what === 'circuit').map(([, , phase]) => phase),
      ['open', 'half-open', 'open', 'half-open', 'closed'],
    );
  });

  it('leaves it alone for as long as a 429 asks', async () => {
    const { stage, first } = twoSources(fails('rate-limited', 20 * MINUTE), gives('second', 200));
    await stage.round();
    for (let i = 0; i < 19; i += 1) {
      await stage.time.pass(MINUTE);
      await stage.round();
    }
    assert.equal(first.calls.length, 1);

    await stage.time.pass(MINUTE);
    await stage.round();

    assert.equal(first.calls.length, 2);
  });

  it('never opens the circuit for a single zone that fails', async () => {
    const { stage } = twoSources(
      (of, asking) =>
        of === zone('Z0') ? new ProviderFailure('implausible', '9999') : gives('first', 300)(of, asking),
      gives('second', 200),
      MANY,
    );
    for (let i = 0; i < 60; i += 1) {
      await stage.round();
      await stage.time.pass(MINUTE);
    }

    assert.equal(stage.reading('Z0'), '200 by second');
    assert.equal(stage.reading('Z1'), '300 by first');
    assert.ok(!stage.told.some(([what]) => what === 'circuit'));
  });

  it('keeps what it said until the hard age, then knows nothing', async () => {
    const { stage, first } = twoSources(gives('first', 300), fails('timeout'));
    await stage.round();
    first.script = fails('timeout');
    const readings: string[] = [];
    for (let hour = 0; hour < 8; hour += 1) {
      readings.push(stage.reading());
      await stage.time.pass(HOUR);
      await stage.round();
    }

    assert.deepEqual(readings, [...Array<string>(7).fill('300 by first'), 'source-failing']);
  });
});
