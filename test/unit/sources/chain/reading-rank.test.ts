import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unknown } from '../../../../src/carbon/reading.ts';
import type { KnownReading, Reading, Wanted } from '../../../../src/carbon/types.ts';
import { bestReading, satisfies } from '../../../../src/sources/chain/reading-rank.ts';
import type { Candidate } from '../../../../src/sources/chain/reading-rank.ts';
import type { FailureReason } from '../../../../src/sources/failure.ts';
import { minutes } from '../../../support/zone-reports.ts';
import { known, NOW } from '../../../support/world.ts';

const WANTED: Wanted = { kind: 'average', factor: 'lifecycle' };
const fresh = known(1, { freshUntil: minutes(1) });
const kept = known(2, { freshUntil: NOW });
const ageless = known(3);
const marginal = known(4, { kind: 'marginal', freshUntil: minutes(1) });
const direct = known(5, { factor: 'direct', freshUntil: NOW });
const sandbox = known(6, { quality: 'sandbox', freshUntil: minutes(1) });

function has(reading: Reading | null, failure: FailureReason | null = null): Candidate {
  return { reading, failure };
}

describe('bestReading', () => {
  const cases: Record<string, { candidates: Candidate[]; want: Reading }> = {
    'is the first fresh one': { candidates: [has(fresh), has(ageless)], want: fresh },
    'is a fresh one before one that is kept above it': { candidates: [has(kept), has(ageless)], want: ageless },
    'is the first that is kept where none is fresh': { candidates: [has(null), has(kept)], want: kept },
    'is a kept one of the wanted kind before a fresh one of another': {
      candidates: [has(marginal), has(kept)],
      want: kept,
    },
    'is one of another kind before none': { candidates: [has(unknown('stale')), has(marginal)], want: marginal },
    'is one of another factor before none': { candidates: [has(direct), has(null)], want: direct },
    'is any other before one of a sandbox': { candidates: [has(sandbox), has(direct)], want: direct },
    'is one of a sandbox before none': { candidates: [has(null), has(sandbox)], want: sandbox },
    'is unmapped where no source has a name for the zone': { candidates: [], want: unknown('zone-unmapped') },
    'is not fetched where nobody was asked': { candidates: [has(null), has(null)], want: unknown('not-fetched') },
    'is not fetched where only our own limits stood before it': {
      candidates: [has(null, 'over-budget')],
      want: unknown('not-fetched'),
    },
    'is failing where a source fails': {
      candidates: [has(unknown('stale'), 'timeout'), has(null)],
      want: unknown('source-failing'),
    },
    'is failing where a circuit is open': { candidates: [has(null, 'circuit-open')], want: unknown('source-failing') },
    'is stale where all data is old': {
      candidates: [has(null, 'stale-data'), has(null, 'no-data')],
      want: unknown('stale'),
    },
    'has no value where the sources answer without one': {
      candidates: [has(null, 'no-data'), has(null)],
      want: unknown('no-value'),
    },
  };
  for (const [sentence, { candidates, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(bestReading(candidates, WANTED, NOW), want);
    });
  }

  const anyReading = fc.oneof(
    fc.constantFrom(null, unknown('stale'), unknown('no-value')),
    fc
      .record({
        kind: fc.constantFrom('average' as const, 'marginal' as const),
        factor: fc.constantFrom('lifecycle' as const, 'direct' as const),
        quality: fc.constantFrom('measured' as const, 'sandbox' as const),
        freshUntil: fc.constantFrom(null, NOW, minutes(1)),
      })
      .map((part) => known(1, part) as KnownReading),
  );

  it('is of the wanted kind and factor wherever any candidate is', () => {
    fc.assert(
      fc.property(fc.array(anyReading), (readings) => {
        const isWanted = (reading: Reading | null): boolean =>
          reading?.state === 'known' &&
          reading.quality !== 'sandbox' &&
          reading.kind === 'average' &&
          reading.factor === 'lifecycle';

        const best = bestReading(
          readings.map((reading) => has(reading)),
          WANTED,
          NOW,
        );

        assert.equal(isWanted(best), readings.some(isWanted));
        const firstToSatisfy = readings.find((reading) => satisfies(reading, WANTED, NOW));
        if (firstToSatisfy !== undefined) assert.equal(best, firstToSatisfy);
      }),
    );
  });
});
