/**
 * One grid, in shares of its mean demand. `annualMean` and the places are those of the public tables named in
 * docs/traces.md; the shares are ours, rounded, chosen so that the days look like that grid's days.
 */
export interface GridShape {
  readonly zone: string;
  /** Lifecycle gCO2eq/kWh, mean of 2023. */
  readonly annualMean: number;
  readonly latitude: number;
  readonly longitude: number;
  /** Standard time, hours east of UTC; no daylight saving. */
  readonly utcOffset: number;
  /** Lifecycle gCO2eq/kWh of the power that is not fossil. */
  readonly floor: number;
  /** Nuclear, hydro, biomass, clean imports: round the clock. */
  readonly steady: number;
  /** Solar output at a clear zenith. */
  readonly solar: number;
  /** Wind output in a full storm. */
  readonly wind: number;
  /** How far demand swings between night and evening. */
  readonly swing: number;
}

/** The grids of the shipped trace, in the order of its columns. */
export const GRIDS: readonly GridShape[] = [
  grid('US-MIDA-PJM', 396.25, [38.95, -77.45, -5], { floor: 14, steady: 0.38, solar: 0.07, wind: 0.1, swing: 0.16 }),
  grid('US-CAL-CISO', 261.28, [37.35, -121.96, -8], { floor: 28, steady: 0.3, solar: 0.75, wind: 0.16, swing: 0.2 }),
  grid('US-NW-BPAT', 119.76, [45.84, -119.7, -8], { floor: 22, steady: 0.7, solar: 0.05, wind: 0.2, swing: 0.14 }),
  grid('DE', 370.93, [50.11, 8.68, 1], { floor: 30, steady: 0.17, solar: 0.55, wind: 0.52, swing: 0.18 }),
  grid('IE', 403.4, [53.35, -6.26, 0], { floor: 16, steady: 0.06, solar: 0.06, wind: 0.68, swing: 0.2 }),
  grid('GB', 187.89, [51.51, -0.13, 0], { floor: 24, steady: 0.3, solar: 0.16, wind: 0.6, swing: 0.2 }),
  grid('FR', 52.87, [48.86, 2.35, 1], { floor: 18, steady: 0.73, solar: 0.14, wind: 0.18, swing: 0.14 }),
  grid('SE-SE3', 24.71, [59.33, 18.07, 1], { floor: 14, steady: 0.74, solar: 0.03, wind: 0.28, swing: 0.12 }),
  grid('ES', 153.86, [40.42, -3.7, 1], { floor: 22, steady: 0.42, solar: 0.62, wind: 0.4, swing: 0.16 }),
  grid('AU-NSW', 545.01, [-33.87, 151.21, 10], { floor: 32, steady: 0.06, solar: 0.5, wind: 0.18, swing: 0.18 }),
  grid('IN-WE', 746.98, [19.08, 72.88, 5.5], { floor: 30, steady: 0.08, solar: 0.2, wind: 0.08, swing: 0.1 }),
];

type Place = readonly [latitude: number, longitude: number, utcOffset: number];
type Shares = Pick<GridShape, 'floor' | 'steady' | 'solar' | 'wind' | 'swing'>;

function grid(zone: string, annualMean: number, place: Place, shares: Shares): GridShape {
  const [latitude, longitude, utcOffset] = place;
  return { zone, annualMean, latitude, longitude, utcOffset, ...shares };
}
