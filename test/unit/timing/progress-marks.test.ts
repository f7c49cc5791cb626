import assert from 'node:assert/strict';
import { heldFrom, heldProgress, pausesOf, runningProgress } from '../../../src/timing/progress-marks.ts';
import { untouched } from '../../../src/timing/progress.ts';
import { region } from '../../../src/carbon/units.ts';
import { at, hours, minutes } from '../../support/hold.ts';

const CREATED = at('2026-03-02T08:00:00Z');
const MARKS = {
  'lowtide.dev/held-since': '2026-03-02T12:00:00.000Z',
  'lowtide.dev/waited': '1h30m',
  'lowtide.dev/ran': '2h30m',
  'lowtide.dev/pauses': '2',
  'lowtide.dev/ran-in': 'eu-west-1',
};

describe('heldProgress', () => {
  it('counts from creation what was never paused, whatever else it says', () => {
    const annotations = { ...MARKS, 'lowtide.dev/pauses': '0' };

    assert.deepEqual(heldProgress({ created: CREATED, annotations }), untouched(CREATED));
    assert.deepEqual(heldProgress({ created: CREATED, annotations: {} }), untouched(CREATED));
  });

  it('reads what a pause wrote', () => {
    assert.deepEqual(heldProgress({ created: CREATED, annotations: MARKS }), {
      since: at('2026-03-02T12:00:00Z'),
      waited: minutes(90),
      ran: minutes(150),
      pauses: 2,
      region: 'eu-west-1',
      run: null,
    });
  });

  it('counts as waiting what cannot be read', () => {
    const read = (part: Record<string, string>) =>
      heldProgress({ created: CREATED, annotations: { ...MARKS, ...part } });

    const unknownWait = read({ 'lowtide.dev/waited': 'long', 'lowtide.dev/ran': '?', 'lowtide.dev/ran-in': '' });
    assert.equal(unknownWait.waited, hours(4));
    assert.equal(unknownWait.ran, 0);
    assert.equal(unknownWait.region, null);
    const { since, waited } = read({ 'lowtide.dev/held-since': 'then' });
    assert.deepEqual({ since, waited }, { since: CREATED, waited: 0 });
  });

  it('gives nothing to who makes the wait shorter, the pause later or the run longer', () => {
    const endOf = (part: Record<string, string>): number => {
      const { since, waited } = heldProgress({ created: CREATED, annotations: { ...MARKS, ...part } });
      return since - waited;
    };
    const honest = endOf({});

    assert.equal(endOf({ 'lowtide.dev/waited': '0s' }), honest);
    assert.equal(endOf({ 'lowtide.dev/held-since': '9999-01-01T00:00:00Z' }), honest);
    assert.equal(endOf({ 'lowtide.dev/ran': '9999999h' }), CREATED + hours(4) - minutes(90));
    assert.equal(endOf({ 'lowtide.dev/waited': '9999999h' }) < honest, true);
  });

  it('tells from when a hold counts', () => {
    assert.equal(heldFrom({ created: CREATED, annotations: MARKS }), at('2026-03-02T12:00:00Z'));
    assert.equal(heldFrom({ created: CREATED, annotations: {} }), CREATED);
  });
});

describe('runningProgress', () => {
  const run = { started: at('2026-03-02T13:00:00Z'), now: at('2026-03-02T14:00:00Z'), region: region('us-east-1') };

  it('adds this run to those before, and counts the rest since creation as waiting', () => {
    assert.deepEqual(runningProgress({ created: CREATED, annotations: MARKS }, run), {
      since: run.now,
      waited: minutes(150),
      ran: minutes(210),
      pauses: 2,
      region: 'us-east-1',
      run: { region: 'us-east-1', since: run.started },
    });
  });

  it('goes by what was noted where nobody looked in which region it runs', () => {
    const { region: where } = runningProgress({ created: CREATED, annotations: MARKS }, { ...run, region: null });

    assert.equal(where, 'eu-west-1');
  });

  it('never counts less than nothing, whatever clocks say', () => {
    const ahead = { ...run, started: at('2026-03-02T15:00:00Z') };
    const { waited, ran } = runningProgress({ created: at('2026-03-02T16:00:00Z'), annotations: {} }, ahead);

    assert.deepEqual({ waited, ran }, { waited: 0, ran: 0 });
  });

  it('takes no earlier runs to have been longer than there was time for', () => {
    const annotations = { ...MARKS, 'lowtide.dev/ran': '9999999h' };

    assert.equal(runningProgress({ created: CREATED, annotations }, run).ran, run.now - CREATED);
  });

  it('is what the next hold reads, once written', () => {
    const before = runningProgress({ created: CREATED, annotations: {} }, run);

    assert.equal(before.ran + before.waited, run.now - CREATED);
  });
});

describe('pausesOf', () => {
  const table: Record<string, number> = { '3': 3, '0': 0, '-1': 0, '1.5': 0, often: 0, '': 0 };
  for (const [text, want] of Object.entries(table)) {
    it(`reads "${text}" as ${want}`, () => {
      assert.equal(pausesOf({ 'lowtide.dev/pauses': text }), want);
    });
  }
});
