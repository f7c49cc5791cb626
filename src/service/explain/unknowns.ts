import { rankPermitted } from '../../placement/permitted-ranking.ts';
import type { RankedRegion } from '../../placement/rank.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import { EXPLAIN_REASONS, UNKNOWN_TEXTS } from './reasons.ts';
import type { Unknown } from './types.ts';

/** What nobody knows of the work and its regions. */
export function unknowns(situation: HoldSituation): readonly Unknown[] {
  const { candidates, intent, world } = situation;
  const { permitted } = rankPermitted(candidates, intent.placement, world);
  return [...permitted.flatMap(ofRegion), ...ofDuration(situation), ...ofEnergy(situation)];
}

function ofRegion({ region, view: { reading } }: RankedRegion): readonly Unknown[] {
  if (reading.state === 'unknown') {
    return [{ what: 'intensity', region, code: reading.reason, text: UNKNOWN_TEXTS[reading.reason] }];
  }
  return reading.forecast.length === 0 ? [unknown('forecast', 'no-forecast', region)] : [];
}

function ofDuration({ intent, usual = null }: HoldSituation): readonly Unknown[] {
  if (intent.hold.expectedDuration !== null) return [];
  return [unknown('duration', usual === null ? 'duration-unknown' : 'duration-usual')];
}

function ofEnergy({ intent }: HoldSituation): readonly Unknown[] {
  return intent.energyKwh === null ? [unknown('energy', 'energy-unknown')] : [];
}

function unknown(what: string, code: keyof typeof EXPLAIN_REASONS, region: string | null = null): Unknown {
  return { what, region, code, text: EXPLAIN_REASONS[code] };
}
