import { shown } from './electricity-maps.ts';
import { sunnyGrid } from './grid-server.ts';
import type { GridAnswer, GridApi, GridRequest, GridWorld } from './grid-server.ts';

const MINUTE = 60_000;
const PERIOD = 5 * MINUTE;
const POUNDS_PER_GRAM = 1 / 0.45359237;

/** The grid, the account and the plan behind the API. */
export interface WattTimeWorld {
  readonly value?: GridWorld;
  readonly username?: string;
  /** Read at each login, so that a test may change it. */
  password?: string;
  readonly regions?: readonly string[];
  /** Regions of the API that the plan lacks. */
  readonly beyond?: readonly string[];
  /** Tokens given out so far, the newest last. */
  readonly tokens?: string[];
  /** The model that values of this moment come from. */
  readonly model?: (at: number) => string;
}

/** WattTime v3, as far as it is used: login, forecast, historical, signal index. Tokens hold for 30 minutes. */
export function wattTimeApi(world: WattTimeWorld = {}): GridApi {
  const { regions = ['CAISO_NORTH', 'PJM_DC'], beyond = ['ERCOT_EASTTX'], tokens = [] } = world;
  const expiry = new Map<string, number>();
  return (request) => {
    if (request.path === '/login')
      return login(request, world, (token, until) => {
        tokens.push(token);
        expiry.set(token, until);
      });
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (request.clock >= (expiry.get(token) ?? 0)) return page(401, 'Unauthorized');
    const region = request.query.get('region') ?? '';
    if (beyond.includes(region)) return { status: 403, body: SCOPE };
    if (!regions.includes(region)) return { status: 404, body: { error: 'No coverage available for this region' } };
    return data(request, world);
  };
}

const SCOPE = {
  error: 'Invalid query parameters',
  message: 'Invalid scope. You do not have sufficient access to this region.',
};

function login(request: GridRequest, world: WattTimeWorld, give: (token: string, until: number) => void): GridAnswer {
  const { username = 'ada', password = 'a-good-password' } = world;
  const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  if (request.headers.authorization !== wanted) return page(401, 'Unauthorized');
  const token = `jwt.${request.clock}.${Math.round(Math.abs(Math.sin(request.clock)) * 1e9)}`;
  give(token, request.clock + 30 * MINUTE);
  return { status: 200, body: { token } };
}

function page(status: number, title: string): GridAnswer {
  return { status, body: `<html><head><title>${status} ${title}</title></head></html>`, type: 'text/html' };
}

function data(request: GridRequest, world: WattTimeWorld): GridAnswer {
  const now = Math.floor(request.now / PERIOD) * PERIOD;
  const time = (name: string): number => Date.parse(request.query.get(name) ?? '');
  switch (request.path) {
    case '/v3/forecast': {
      const hours = Number(request.query.get('horizon_hours') ?? 24);
      return series(request, world, { from: now, to: now + hours * 60 * MINUTE });
    }
    case '/v3/historical': {
      const [from, to] = [time('start'), time('end')];
      if (!(to - from <= 32 * 1440 * MINUTE)) return { status: 400, body: { error: 'Invalid query parameters' } };
      return series(request, world, { from: Math.ceil(from / PERIOD) * PERIOD, to: Math.min(to, now - 2 * PERIOD) });
    }
    case '/v3/signal-index':
      return {
        status: 200,
        body: {
          data: [{ point_time: iso(now), value: 37 }],
          meta: { ...meta(request, world, now), units: 'percentile' },
        },
      };
    default:
      return { status: 404, body: { error: 'Not found' } };
  }
}

function series(request: GridRequest, world: WattTimeWorld, { from, to }: { from: number; to: number }): GridAnswer {
  const value = world.value ?? sunnyGrid;
  const region = request.query.get('region') ?? '';
  const count = request.data === 'empty' ? 0 : Math.max(0, Math.floor((to - from) / PERIOD) + 1);
  const points = Array.from({ length: count }, (_, index) => {
    const at = from + index * PERIOD;
    const pounds = shown(value(region, at) * POUNDS_PER_GRAM, request.data);
    return { point_time: iso(at), value: pounds, last_updated: iso(request.now), imputed_data_used: false };
  });
  return { status: 200, body: { data: points, meta: meta(request, world, from) } };
}

function meta({ query, data: fault, now }: GridRequest, { model = () => '2026-03-01' }: WattTimeWorld, at: number) {
  return {
    data_point_period_seconds: 300,
    region: fault === 'wrong-zone' ? 'MISO_DETROIT' : query.get('region'),
    signal_type: query.get('signal_type'),
    model: { date: model(at) },
    units: 'lbs_co2_per_mwh',
    warnings: [{ type: 'EXAMPLE', message: 'Something to know' }],
    generated_at: iso(now),
    generated_at_period_seconds: 300,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', '+00:00');
}
