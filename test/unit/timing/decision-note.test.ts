import assert from 'node:assert/strict';
import { instant, region } from '../../../src/carbon/units.ts';
import { decisionNote, rfc3339 } from '../../../src/timing/decision-note.ts';
import { at } from '../../support/hold.ts';
import { grams } from '../../support/world.ts';

const UNTIL = at('2026-03-02T18:00:00Z');

describe('decisionNote', () => {
  it('is compact JSON with intensities to a tenth of a gram', () => {
    const note = decisionNote({
      action: 'wait',
      reason: 'intensity-above-threshold',
      region: region('eu-west-1'),
      intensity: grams(312.3456),
      threshold: grams(250),
      until: UNTIL,
      plan: null,
      expected: UNTIL,
    });

    assert.equal(
      note,
      '{"reason":"intensity-above-threshold","intensity":312.3,"threshold":250,"region":"eu-west-1","until":"2026-03-02T18:00:00Z"}',
    );
  });

  it('says null for what is not known', () => {
    const note = decisionNote({
      action: 'release',
      reason: 'no-signal',
      region: null,
      intensity: null,
      threshold: null,
      until: UNTIL,
      plan: null,
    });

    assert.equal(
      note,
      '{"reason":"no-signal","intensity":null,"threshold":null,"region":null,"until":"2026-03-02T18:00:00Z"}',
    );
  });
});

describe('rfc3339', () => {
  it('writes whole seconds', () => {
    assert.equal(rfc3339(instant(UNTIL + 999)), '2026-03-02T18:00:00Z');
  });
});
