import fc from 'fast-check';
import type { ObservedStep, ZoneReport } from '../../src/carbon/report.ts';
import type { ForecastStep } from '../../src/carbon/types.ts';
import { instant, zone } from '../../src/carbon/units.ts';
import type { ChainState } from '../../src/sources/chain/state.ts';
import { FAILURE_SCOPE } from '../../src/sources/failure.ts';
import type { FailureReason } from '../../src/sources/failure.ts';
import { grams, NOW } from './world.ts';
import { zoneReport } from './zone-reports.ts';

const MINUTE = 60_000;
const reasons = Object.keys(FAILURE_SCOPE) as FailureReason[];

const anyValue = fc.double({ min: 0, max: 2000, noNaN: true }).map((value) => grams(value === 0 ? 0 : value));
const anyGap = fc.oneof({ arbitrary: fc.constant(0), weight: 5 }, { arbitrary: fc.nat(10 * MINUTE), weight: 1 });
const anyLength = fc.oneof(
  { arbitrary: fc.constant(5 * MINUTE), weight: 5 },
  { arbitrary: fc.integer({ min: 1, max: 999_999 }), weight: 1 },
);

/** Steps in order, mostly in a rhythm, at times out of it. */
function anySteps<Extra extends object>(extra: fc.Arbitrary<Extra>): fc.Arbitrary<(ForecastStep & Extra)[]> {
  return fc.array(fc.tuple(anyGap, anyLength, anyValue, extra), { maxLength: 40 }).map((drawn) => {
    let at = NOW - 86_400_000;
    return drawn.map(([gap, length, value, more]) => {
      const start = instant(at + gap);
      at = start + length;
      return { start, end: instant(at), value, ...more };
    });
  });
}

const anyObserved: fc.Arbitrary<ObservedStep[]> = anySteps(
  fc.record({ quality: fc.constantFrom('measured' as const, 'estimated' as const) }),
);
const anyForecast: fc.Arbitrary<ForecastStep[]> = fc
  .constantFrom<readonly ('low' | 'high')[]>([], ['low'], ['high'], ['low', 'high'])
  .chain((required) => anySteps(fc.record({ low: anyValue, high: anyValue }, { requiredKeys: [...required] })));

const anyShare = fc.option(fc.double({ min: 0, max: 100, noNaN: true }).map((share) => (share === 0 ? 0 : share)));
const anyAt = fc.nat(1_000_000_000).map((ms) => instant(NOW + ms));
const anyName = fc.string({ minLength: 1 });

const anyReport: fc.Arbitrary<ZoneReport> = fc.record({
  zone: anyName.map(zone),
  source: anyName,
  kind: fc.constantFrom('average' as const, 'marginal' as const),
  factor: fc.constantFrom('lifecycle' as const, 'direct' as const),
  observed: anyObserved,
  forecast: anyForecast,
  forecastBy: fc.constantFrom(null, 'provider' as const, 'own' as const, 'trace' as const),
  renewablePct: anyShare,
  percentile: anyShare,
  constant: fc.option(fc.boolean()),
  sandbox: fc.boolean(),
  fetchedAt: anyAt,
});

/** Whatever a chain may hand over. */
export const anyChainState: fc.Arbitrary<ChainState> = fc
  .record({
    takenAt: anyAt,
    reports: fc.array(anyReport, { maxLength: 4 }),
    failures: fc.array(
      fc.record({
        zone: anyName.map(zone),
        source: anyName,
        reason: fc.constantFrom(...reasons),
        failures: fc.nat(),
        at: anyAt,
      }),
      { maxLength: 4 },
    ),
    sources: fc.array(
      fc.record({
        id: anyName,
        circuit: fc.record({
          failures: fc.nat(),
          openUntil: fc.option(anyAt),
          reason: fc.option(fc.constantFrom(...reasons)),
        }),
        budget: fc.record({ day: fc.nat(30_000), used: fc.nat() }),
      }),
      { maxLength: 4 },
    ),
  })
  // Drawn objects have no prototype, and what is read back has one.
  .map((state) => structuredClone(state));

/** As many zones as the largest policies have, with a day of the past and three of forecast in steps of five minutes. */
export function largeState(zones: number, { bounds = false, digits = 0 } = {}): ChainState {
  const steps = (from: number, count: number, seed: number): ForecastStep[] =>
    Array.from({ length: count }, (_, index) => {
      const start = instant(NOW + (from + index * 5) * MINUTE);
      const day = Math.sin((start / 86_400_000) * 2 * Math.PI + seed) * 80;
      const noise = Math.sin(index * 12.9898 + seed * 78.233) * 43_758.5453;
      const value = rounded(300 + day + (noise - Math.floor(noise)) * 20, digits);
      const low = grams(rounded(value * 0.8, digits));
      const high = grams(rounded(value * 1.2, digits));
      return { start, end: instant(start + 5 * MINUTE), value: grams(value), ...(bounds ? { low, high } : {}) };
    });
  const reports = Array.from({ length: zones }, (_, index) =>
    zoneReport({
      zone: zone(`ZONE-${index}`),
      source: 'electricity-maps',
      observed: steps(-24 * 60, 288, index).map(({ start, end, value }) => ({
        start,
        end,
        value,
        quality: 'measured',
      })),
      forecast: steps(0, 864, index),
      fetchedAt: NOW,
    }),
  );
  return { takenAt: NOW, reports, failures: [], sources: [] };
}

function rounded(value: number, digits: number): number {
  return digits > 15 ? value : Number(value.toFixed(digits));
}
