/** How electricity is made, as far as its emissions are told apart. */
export type Fuel =
  | 'biomass'
  | 'solar'
  | 'geothermal'
  | 'hydro'
  | 'ocean'
  | 'wind'
  | 'nuclear'
  | 'gas'
  | 'oil'
  | 'coal'
  | 'other-fossil'
  | 'other-renewable';

/**
 * Lifecycle emissions of a kilowatt-hour at the power plant, gCO2eq: medians (50th percentile) of the literature reviewed by
 * the IPCC in its Special Report on Renewable Energy Sources, 2011, Annex II, table A.II.4 (Moomaw et al.). `solar` is
 * photovoltaic, `coal` stands for hard coal and lignite alike. The report has no median for what is not told apart: 770 for
 * other fossil and 22 for other renewable fuels (concentrated solar power's) are those of Wiesner et al., Let's Wait Awhile,
 * Middleware 2021, which this table follows throughout.
 */
export const LIFECYCLE_GRAMS: Readonly<Record<Fuel, number>> = {
  biomass: 18,
  solar: 46,
  geothermal: 45,
  hydro: 4,
  ocean: 8,
  wind: 12,
  nuclear: 16,
  gas: 469,
  oil: 840,
  coal: 1001,
  'other-fossil': 770,
  'other-renewable': 22,
};

/** Whose share is the renewable one; waste is counted as other fossil, half of it being so. */
export const RENEWABLE: ReadonlySet<Fuel> = new Set([
  'biomass',
  'solar',
  'geothermal',
  'hydro',
  'ocean',
  'wind',
  'other-renewable',
]);
