import type { Fuel } from '../emission-factors.ts';

/** EIA-930's energy sources and the fuel that each counts as; null: storage, which gives back what was counted before. */
const FUEL_OF: ReadonlyMap<string, Fuel | null> = new Map<string, Fuel | null>(
  Object.entries({
    BIO: 'biomass',
    COL: 'coal',
    GEO: 'geothermal',
    NG: 'gas',
    NUC: 'nuclear',
    OIL: 'oil',
    OTH: 'other-fossil', // other
    SNB: 'solar', // with a battery
    SUN: 'solar',
    UNK: 'other-fossil', // unknown
    WAT: 'hydro', // where pumped storage is not told apart, with it
    WNB: 'wind', // with a battery
    WND: 'wind',
    BAT: null, // batteries
    OES: null, // other storage
    PS: null, // pumped storage
    UES: null, // unknown storage
  } satisfies Record<string, Fuel | null>),
);

/** The fuel of an energy source; null: it stores; one that is not known counts as other fossil. */
export function fuelOfType(fueltype: string): Fuel | null {
  const fuel = FUEL_OF.get(fueltype);
  return fuel === undefined ? 'other-fossil' : fuel;
}
