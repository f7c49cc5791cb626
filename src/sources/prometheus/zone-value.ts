import type { ObservedStep } from '../../carbon/report.ts';
import type { SignalKind } from '../../carbon/types.ts';
import type { GramsPerKwh } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { plausible } from '../plausible.ts';
import type { Sample } from './schema.ts';
import { gramsPerUnit, PERCENT } from './units.ts';
import type { IntensityUnit } from './units.ts';

/** How the values of series are read. */
export interface ValueReading {
  readonly unit: IntensityUnit | 'auto';
  readonly kind: SignalKind;
}

/** What the series of one zone say of one moment. */
export interface ZoneValue {
  readonly value: GramsPerKwh;
  readonly quality: ObservedStep['quality'];
  /** 0 cleanest to 100 dirtiest; null where no series says. */
  readonly percentile: number | null;
}

/**
 * The one value that a zone's samples of one moment agree on. Without the exporter's label `is_estimated` it counts as
 * measured.
 * @throws ProviderFailure `malformed`: they disagree, or have no unit; `no-data`: NaN; `implausible`.
 */
export function zoneValue(samples: readonly Sample[], { unit, kind }: ValueReading): ZoneValue {
  const ranks = samples.filter((sample) => !isIntensity(sample));
  const intensities = samples.filter(isIntensity);
  if (ranks.length > 0 && (kind === 'average' || intensities.length === 0)) {
    throw new ProviderFailure('malformed', 'units percent: a rank among values is not an intensity, leave it out');
  }
  const known = intensities.filter(({ value }) => !Number.isNaN(value));
  if (known.length === 0) throw new ProviderFailure('no-data', 'NaN in place of a value');
  const value = onlyOne(known.map((sample) => sample.value * gramsPerUnit(sample.labels['units'], unit)));
  const estimated = known.some(({ labels }) => labels['is_estimated'] === 'true');
  return {
    value: plausible(value),
    quality: estimated ? 'estimated' : 'measured',
    percentile: ranks.length === 0 ? null : percentile(onlyOne(ranks.map((rank) => rank.value))),
  };
}

/** Whether a series gives intensity, or a rank among recent values. */
export function isIntensity({ labels }: Sample): boolean {
  return labels['units'] !== PERCENT;
}

function onlyOne(values: readonly number[]): number {
  const [first = NaN, other] = new Set(values);
  if (other === undefined) return first;
  throw new ProviderFailure(
    'malformed',
    `${values.length} series disagree (${first}, ${other}): narrow the query or aggregate it, e.g. max by (location)`,
  );
}

function percentile(rank: number): number | null {
  if (Number.isNaN(rank)) return null;
  if (rank >= 0 && rank <= 100) return rank;
  throw new ProviderFailure('implausible', `a rank of ${rank} %`);
}
