import type { DataFault, GridApi, GridRequest } from './grid-server.ts';

const HOUR = 3_600_000;
const MOST_ROWS = 5000;

/** MWh of each energy source in the hour that ends at a moment; null: reported as null; undefined: no row yet. */
export type HourlyFuels = Readonly<Record<string, (end: number) => number | null | undefined>>;

/** The plants, the key and the habits behind the API. */
export interface EiaWorld {
  readonly fuels?: HourlyFuels;
  readonly key?: string;
  readonly respondents?: readonly string[];
  /** Data is published this much later, ms. */
  readonly lag?: number;
  /** Rows of a page, whatever is asked for. */
  readonly page?: number;
}

/** Intensity of these by the shipped factors: 0.5 × 469 + 0.3 × 46 + 0.2 × 16 = 251.5 gCO2eq/kWh, 30 % renewable. */
export const SUNNY: HourlyFuels = { NG: () => 10_000, SUN: () => 6_000, NUC: () => 4_000, BAT: () => -800 };

/** EIA v2's hourly generation by energy source. */
export function eiaApi(world: EiaWorld = {}): GridApi {
  const { key = 'eia-key-abcdef0123456789', respondents = ['CISO', 'PJM'] } = world;
  return (request) => {
    const given = request.query.get('api_key');
    if (given === null) return { status: 403, body: refusal('API_KEY_MISSING', 'No api_key was supplied.') };
    if (given !== key)
      return { status: 403, body: refusal('API_KEY_INVALID', `An invalid api_key was supplied: ${given}`) };
    if (request.path !== '/v2/electricity/rto/fuel-type-data/data/')
      return { status: 404, body: { error: 'Not found', code: 404 } };
    const respondent = request.query.get('facets[respondent][]') ?? '';
    const all = respondents.includes(respondent) && request.data !== 'empty' ? rowsOf(world, respondent, request) : [];
    const offset = Number(request.query.get('offset') ?? 0);
    const length = Math.min(Number(request.query.get('length') ?? MOST_ROWS), world.page ?? MOST_ROWS, MOST_ROWS);
    const data = all.slice(offset, offset + length);
    const response = { total: String(all.length), dateFormat: 'YYYY-MM-DD"T"HH24', frequency: 'hourly', data };
    // The real one repeats the request, the key in it.
    return {
      status: 200,
      body: { response, request: { command: request.path, params: { api_key: given } }, apiVersion: '2.1.8' },
    };
  };
}

function refusal(code: string, message: string) {
  return { error: { code, message } };
}

/** One row, as it is written. */
export function eiaRow(end: number, fueltype: string, value: unknown, respondent = 'CISO'): Record<string, unknown> {
  return {
    period: new Date(end).toISOString().slice(0, 13),
    respondent,
    'respondent-name': 'California Independent System Operator',
    fueltype,
    'type-name': fueltype,
    value,
    'value-units': 'megawatthours',
  };
}

function rowsOf(world: EiaWorld, respondent: string, { query, now, data }: GridRequest) {
  const { fuels = SUNNY, lag = HOUR } = world;
  const start = Date.parse(`${query.get('start') ?? ''}:00:00Z`);
  const last = Math.min(Date.parse(`${query.get('end') ?? '9999-01-01T00'}:00:00Z`), now - lag);
  const shown = data === 'wrong-zone' ? 'MISO' : respondent;
  const rows = [];
  for (let end = start; end <= last; end += HOUR) {
    for (const [fuel, amount] of Object.entries(fuels)) {
      const value = amount(end);
      if (value !== undefined) rows.push(eiaRow(end, fuel, spoilt(value, data), shown));
    }
  }
  return rows;
}

/** Numbers come as text. */
function spoilt(value: number | null, data: DataFault | null): string | null {
  if (value === null || data === 'nulls') return null;
  if (data === 'absurd') return String(value * 1000);
  return String(data === 'negative' ? -value : value);
}
