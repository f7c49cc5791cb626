/** Amounts that annotations name: energy, power, data. */

const ENERGY = /^(\d+(?:\.\d+)?)(Wh|kWh|MWh)$/;
const POWER = /^(\d+(?:\.\d+)?)(W|kW)$/;
/** As Kubernetes writes a quantity of bytes. */
const DATA = /^(\d+(?:\.\d+)?)(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/;

const KWH: Readonly<Record<string, number>> = { Wh: 1e-3, kWh: 1, MWh: 1e3 };
const KW: Readonly<Record<string, number>> = { W: 1e-3, kW: 1 };
const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};
const BYTES_OF_GB = 1e9;

/** What these look like, for a person. */
export const ENERGY_ACCEPTED = 'energy above 0 with its unit (Wh, kWh, MWh), e.g. "0.3kWh"';
export const POWER_ACCEPTED = 'power above 0 with its unit (W, kW), e.g. "250W"';
export const DATA_ACCEPTED = 'bytes as Kubernetes writes them, e.g. "50Gi"';

/** Reads `"0.3kWh"` as kWh; null: it is no energy, or none at all. */
export function parseEnergy(text: string): number | null {
  return positive(amount(text, ENERGY, KWH));
}

/** Reads `"250W"` as kW; null: it is no power, or none at all. */
export function parsePower(text: string): number | null {
  return positive(amount(text, POWER, KW));
}

/** Reads `"50Gi"` as GB (10^9 bytes); null: it is no quantity of bytes. */
export function parseDataSize(text: string): number | null {
  const bytes = amount(text, DATA, BYTES);
  return bytes === null ? null : bytes / BYTES_OF_GB;
}

function amount(text: string, pattern: RegExp, units: Readonly<Record<string, number>>): number | null {
  const [, number = '', unit = ''] = pattern.exec(text) ?? [];
  const value = Number(number) * (units[unit] ?? NaN);
  return number !== '' && Number.isFinite(value) ? value : null;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
