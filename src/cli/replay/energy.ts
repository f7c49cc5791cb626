import { estimateWatts } from '../../carbon/energy-estimate.ts';
import type { Millis } from '../../carbon/units.ts';
import { parseEnergy, parsePower } from '../../policy/amounts.ts';
import { ENERGY, POWER } from '../../policy/annotations.ts';
import { requestsOf } from './requests.ts';

/** Where an energy comes from, the best first. */
export type EnergySource = 'energy annotation' | 'power annotation' | 'CPU and memory requests' | '--default-power';

/** Energy of one run, and how it is known. */
export interface RunEnergy {
  readonly kwh: number;
  readonly source: EnergySource;
}

interface EnergyAsked {
  readonly job: unknown;
  readonly annotations: Readonly<Record<string, string>>;
  readonly duration: Millis;
  /** kW of a Job that says nothing; null: left out. */
  readonly defaultPower: number | null;
}

const HOUR_MS = 3_600_000;
const W_PER_KW = 1000;

/** What a Job used: as an annotation says, else estimated from its requests, else the default; null: nothing tells. */
export function energyOf({ job, annotations, duration, defaultPower }: EnergyAsked): RunEnergy | null {
  const kwh = parseEnergy(annotations[ENERGY] ?? '');
  if (kwh !== null) return { kwh, source: 'energy annotation' };
  const over = (kw: number): number => (kw * duration) / HOUR_MS;
  const power = parsePower(annotations[POWER] ?? '');
  if (power !== null) return { kwh: over(power), source: 'power annotation' };
  const requests = requestsOf(job);
  if (requests !== null) return { kwh: over(estimateWatts(requests) / W_PER_KW), source: 'CPU and memory requests' };
  return defaultPower === null ? null : { kwh: over(defaultPower), source: '--default-power' };
}
