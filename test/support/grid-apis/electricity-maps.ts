import { sunnyGrid } from './grid-server.ts';
import type { DataFault, GridAnswer, GridApi, GridRequest, GridWorld } from './grid-server.ts';

const HOUR = 3_600_000;

/** The grid, the key and the plan behind the API. */
export interface ElectricityMapsWorld {
  readonly value?: GridWorld;
  readonly key?: string;
  /** Zones that the key may see. */
  readonly zones?: readonly string[];
  /** Zones of the API that the key may not see. */
  readonly beyond?: readonly string[];
  /** Whether the plan has forecasts and ranges; the free one has not. */
  readonly commercial?: boolean;
}

/** Electricity Maps v4, as far as it is used: carbon intensity, the renewable share, zones. */
export function electricityMapsApi(world: ElectricityMapsWorld = {}): GridApi {
  const { key = 'em-key-0123456789', zones = ['DE', 'FR'], beyond = ['PL'], commercial = true } = world;
  const value = world.value ?? sunnyGrid;
  return (request) => {
    const [, version, topic, what = ''] = request.path.split('/');
    if (version !== 'v4') return { status: 404, body: { error: 'Not found' } };
    if (topic === 'zones') return zonesAnswer(zones, beyond, request.headers['auth-token'] === key);
    if (request.headers['auth-token'] !== key) return { status: 401, body: { error: 'Invalid auth-token' } };
    const zone = request.query.get('zone') ?? '';
    if (!zones.includes(zone)) return notCovered(zone, beyond);
    if (!commercial && ['forecast', 'past-range'].includes(what))
      return { status: 403, body: { error: `Endpoint ${what} is not part of your plan` } };
    return topic === 'renewable-energy' ? share(request) : intensity(what, request, value);
  };
}

function notCovered(zone: string, beyond: readonly string[]): GridAnswer {
  if (beyond.includes(zone)) return { status: 401, body: { error: `Request unauthorized for zoneKey=${zone}` } };
  return { status: 400, body: { error: `Zone '${zone}' does not exist.` } };
}

function zonesAnswer(zones: readonly string[], beyond: readonly string[], known: boolean): GridAnswer {
  const entry = (zone: string, access?: readonly string[]) => [
    zone,
    { zoneName: zone, countryName: 'Somewhere', ...(access && { access }) },
  ];
  if (!known) return { status: 200, body: Object.fromEntries([...zones, ...beyond].map((zone) => entry(zone))) };
  return { status: 200, body: Object.fromEntries(zones.map((zone) => entry(zone, ['*']))) };
}

function share(request: GridRequest): GridAnswer {
  const datetime = iso(hourOf(request.now));
  return { status: 200, body: { zone: zoneOf(request), datetime, value: 61, unit: '%', isEstimated: true } };
}

function intensity(what: string, request: GridRequest, value: GridWorld): GridAnswer {
  const now = hourOf(request.now);
  const common = { zone: zoneOf(request), temporalGranularity: 'hourly' };
  switch (what) {
    case 'latest':
      if (request.data === 'empty') return { status: 200, body: { status: 'no-data' } };
      return { status: 200, body: point(now, request, value) };
    case 'history':
      return { status: 200, body: { ...common, history: points(now - 23 * HOUR, now, request, value) } };
    case 'past-range':
      return range(request, value);
    case 'forecast': {
      const end = now + Number(request.query.get('horizonHours') ?? 24) * HOUR;
      const forecast = points(now, end, request, value).map(({ carbonIntensity, datetime }) => ({
        carbonIntensity,
        datetime,
      }));
      return { status: 200, body: { ...common, forecast, updatedAt: iso(request.now) } };
    }
    default:
      return { status: 404, body: { error: 'Not found' } };
  }
}

function range(request: GridRequest, value: GridWorld): GridAnswer {
  const [start, end] = ['start', 'end'].map((name) => Date.parse(request.query.get(name) ?? ''));
  if (start === undefined || end === undefined || Number.isNaN(start + end) || end - start > 240 * HOUR)
    return { status: 400, body: { error: 'The range is limited to 10 days' } };
  const last = Math.min(end - 1, request.now);
  const common = { zone: zoneOf(request), temporalGranularity: 'hourly' };
  return { status: 200, body: { ...common, data: points(start, last, request, value) } };
}

function points(from: number, last: number, request: GridRequest, value: GridWorld) {
  if (request.data === 'empty') return [];
  const all = [];
  for (let at = from; at <= last; at += HOUR) all.push(point(at, request, value));
  return all;
}

function point(at: number, request: GridRequest, value: GridWorld) {
  const settled = request.now - at > 2 * HOUR;
  return {
    zone: zoneOf(request),
    carbonIntensity: shown(value(zoneOf(request, null), at), request.data),
    datetime: iso(at),
    updatedAt: iso(request.now),
    createdAt: iso(at),
    emissionFactorType: request.query.get('emissionFactorType') ?? 'lifecycle',
    isEstimated: !settled,
    estimationMethod: settled ? null : 'TIME_SLICER_AVERAGE',
    temporalGranularity: 'hourly',
  };
}

/** A value as a data fault leaves it, gCO2eq/kWh or whatever unit the API speaks. */
export function shown(value: number, data: DataFault | null): number | null {
  if (data === 'nulls') return null;
  if (data === 'absurd') return value * 1000;
  return data === 'negative' ? -value : value;
}

function zoneOf({ query, data }: GridRequest, fault: DataFault | null = data): string {
  return fault === 'wrong-zone' ? 'US-CAR-DUK' : (query.get('zone') ?? '');
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR) * HOUR;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
