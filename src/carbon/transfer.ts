/**
 * Energy of moving data between data centres, kWh per GB: the default of Cloud Carbon Footprint and of Caribou (SOSP 2024).
 * Literature ranges to 0.06 kWh per GB, end to end and years older.
 */
export const TRANSFER_KWH_PER_GB = 0.001;

/** Energy of moving so much data, as a share of the energy of the work that moves; 0 where nothing is to be moved. */
export function transferShare(gb: number, energyKwh: number): number {
  return gb === 0 ? 0 : (gb * TRANSFER_KWH_PER_GB) / energyKwh;
}

/** What a move emits, grams CO2eq: half of its energy is drawn at either end, of which the intensities are in g/kWh. */
export function transferGrams(gb: number, from: number, to: number): number {
  return (gb * TRANSFER_KWH_PER_GB * (from + to)) / 2;
}
