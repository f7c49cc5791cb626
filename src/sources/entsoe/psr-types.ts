import type { Fuel } from '../emission-factors.ts';

/**
 * ENTSO-E's production types and the fuel that each counts as. Lignite, peat and oil shale, which are burnt like it, count as
 * coal; gas made of coal, waste and `other` as other fossil. Null is no generation: storage gives back what was counted
 * when it was made, the rest belongs to the grid.
 */
const FUEL_OF: ReadonlyMap<string, Fuel | null> = new Map<string, Fuel | null>(
  Object.entries({
    B01: 'biomass',
    B02: 'coal', // brown coal, lignite
    B03: 'other-fossil', // gas derived from coal
    B04: 'gas',
    B05: 'coal', // hard coal
    B06: 'oil',
    B07: 'coal', // oil shale
    B08: 'coal', // peat
    B09: 'geothermal',
    B10: null, // pumped storage
    B11: 'hydro', // run of river and poundage
    B12: 'hydro', // reservoir
    B13: 'ocean',
    B14: 'nuclear',
    B15: 'other-renewable',
    B16: 'solar',
    B17: 'other-fossil', // waste
    B18: 'wind', // offshore
    B19: 'wind', // onshore
    B20: 'other-fossil', // other
    B21: null, // alternating-current link
    B22: null, // direct-current link
    B23: null, // substation
    B24: null, // transformer
    B25: null, // energy storage
  } satisfies Record<string, Fuel | null>),
);

/** The fuel of a production type; null: it generates nothing; a type that is not known counts as other fossil. */
export function fuelOfPsrType(psrType: string): Fuel | null {
  const fuel = FUEL_OF.get(psrType);
  return fuel === undefined ? 'other-fossil' : fuel;
}
