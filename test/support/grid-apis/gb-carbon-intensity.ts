import { shown } from './electricity-maps.ts';
import { sunnyGrid } from './grid-server.ts';
import type { GridAnswer, GridApi, GridRequest, GridWorld } from './grid-server.ts';

const HALF_HOUR = 1_800_000;
const HOUR = 2 * HALF_HOUR;

/** The grid behind the API; zones are `GB` and the numbers of regions. */
export interface GbWorld {
  readonly value?: GridWorld;
  /** Whether regional ranges are a list of one region, as documented, in place of the region itself. */
  readonly listed?: boolean;
  /** How late a half hour is measured, ms. */
  readonly delay?: number;
}

/** The GB Carbon Intensity API, as far as it is used: ranges, 48 hours ahead, 24 hours back; whole and by region. */
export function gbCarbonIntensityApi(world: GbWorld = {}): GridApi {
  return (request) => {
    const part = partOf(request.path);
    if (typeof part === 'string') return refusal(part);
    const halfHours = halfHoursOf(request, world, part);
    return {
      status: 200,
      body: { data: part.zone === 'GB' ? halfHours : ofRegion(request, world, { part, halfHours }) },
    };
  };
}

function partOf(path: string): Part | string {
  const found = /^(\/regional)?\/intensity\/([^/]+)\/([^/]+)(?:\/regionid\/(\d+))?$/.exec(path);
  const [, regional = null, first = '', second = '', id = null] = found ?? [];
  if (found === null || (regional === null) !== (id === null)) return 'no such path';
  const span = spanOf(first, second);
  return typeof span === 'string' ? span : { zone: id ?? 'GB', ...span };
}

function refusal(message: string): GridAnswer {
  return { status: 400, body: { error: { code: '400 Bad Request', message } } };
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/;

/** The half hour that ends at the first moment is given too, as the real one does. */
function spanOf(first: string, second: string): { from: number; to: number } | string {
  if (!TIME.test(first)) return 'Please enter a valid date';
  const at = Math.ceil(Date.parse(first) / HALF_HOUR) * HALF_HOUR - HALF_HOUR;
  if (second === 'fw48h') return { from: at, to: at + 48 * HOUR };
  if (second === 'pt24h') return { from: at - 24 * HOUR, to: at + HALF_HOUR };
  if (!TIME.test(second)) return 'Please enter a valid date';
  const to = Date.parse(second);
  return to - Date.parse(first) > 14 * 24 * HOUR ? 'The maximum date range is limited to 14 days' : { from: at, to };
}

interface Part {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
}

function halfHoursOf(request: GridRequest, world: GbWorld, { zone, from, to }: Part): unknown[] {
  if (request.data === 'empty') return [];
  const all = [];
  for (let at = from; at < to; at += HALF_HOUR) all.push(halfHour(request, world, { zone, at }));
  return all;
}

function halfHour({ now, data }: GridRequest, world: GbWorld, { zone, at }: { zone: string; at: number }): unknown {
  const { value = sunnyGrid, delay = HALF_HOUR } = world;
  const grams = shown(value(zone, at), data);
  const times = { from: minute(at), to: minute(at + HALF_HOUR) };
  if (zone !== 'GB') return { ...times, intensity: { forecast: grams, index: 'very low' }, generationmix: MIX };
  const actual = at + HALF_HOUR + delay <= now ? grams : null;
  return { ...times, intensity: { forecast: grams === null ? null : grams + 10, actual, index: 'moderate' } };
}

const MIX = [
  { fuel: 'biomass', perc: 7.4 },
  { fuel: 'coal', perc: 0 },
  { fuel: 'imports', perc: 9.5 },
  { fuel: 'gas', perc: 43.6 },
  { fuel: 'nuclear', perc: 10.1 },
  { fuel: 'other', perc: 0 },
  { fuel: 'hydro', perc: 0.9 },
  { fuel: 'solar', perc: 0 },
  { fuel: 'wind', perc: 28.5 },
];

function ofRegion(
  { data }: GridRequest,
  { listed = false }: GbWorld,
  given: { part: Part; halfHours: unknown[] },
): unknown {
  const regionid = data === 'wrong-zone' ? 12 : Number(given.part.zone);
  const region = { regionid, dnoregion: 'Somewhere', shortname: 'Somewhere', data: given.halfHours };
  return listed ? [region] : region;
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
