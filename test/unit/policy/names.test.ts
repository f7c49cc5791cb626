import assert from 'node:assert/strict';
import { knownNamesHint, nearestName } from '../../../src/policy/names.ts';

describe('nearestName', () => {
  const known = ['weights', 'regions', 'us-east-1', 'us-east-2', 'tie'];
  const table: Record<string, { misspelt: string; want: string | null }> = {
    'finds swapped letters': { misspelt: 'wieghts', want: 'weights' },
    'finds a missing letter': { misspelt: 'region', want: 'regions' },
    'finds another case': { misspelt: 'REGIONS', want: 'regions' },
    'takes the first of two equally near': { misspelt: 'us-east-3', want: 'us-east-1' },
    'finds nothing near': { misspelt: 'budgets', want: null },
    'guesses nothing from a single letter': { misspelt: 'q', want: null },
    'guesses nothing from no letter': { misspelt: '', want: null },
  };
  for (const [sentence, { misspelt, want }] of Object.entries(table)) {
    it(sentence, () => {
      assert.equal(nearestName(misspelt, known), want);
    });
  }
});

describe('knownNamesHint', () => {
  it('shows no more names than a line can bear', () => {
    const many = Array.from({ length: 31 }, (_, index) => `name-${index}`);

    assert.match(knownNamesHint('other', many), /name-29, …$/);
    assert.match(knownNamesHint('other', many.slice(0, 30)), /name-29$/);
  });
});
