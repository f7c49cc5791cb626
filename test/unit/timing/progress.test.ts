import assert from 'node:assert/strict';
import { resumeCost, untouched } from '../../../src/timing/progress.ts';
import { at, hours, minutes } from '../../support/hold.ts';

const NOW = at('2026-03-02T12:00:00Z');
const RUN = { region: null, since: NOW };

describe('resumeCost', () => {
  const [cost, grace] = [minutes(10), minutes(1)];
  const cases: Record<string, { part: object; want: { spent: number; next: number } }> = {
    'is nothing of what has not run': { part: {}, want: { spent: 0, next: 0 } },
    'is the resume that is to come after the first pause': {
      part: { pauses: 1, ran: hours(1) },
      want: { spent: 0, next: minutes(11) },
    },
    'counts earlier resumes, whose pods had ended before': {
      part: { pauses: 3, ran: hours(1) },
      want: { spent: minutes(20), next: minutes(11) },
    },
    'counts what a pause would cost of what runs': {
      part: { pauses: 2, ran: hours(1), run: RUN },
      want: { spent: minutes(20), next: minutes(11) },
    },
    'is never more than what was run': {
      part: { pauses: Number.MAX_SAFE_INTEGER, ran: hours(1) },
      want: { spent: hours(1), next: minutes(11) },
    },
  };
  for (const [sentence, { part, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.deepEqual(resumeCost({ ...untouched(NOW), ...part }, cost, grace), want);
    });
  }
});
