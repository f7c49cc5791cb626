import { sunnyGrid } from './grid-server.ts';
import type { DataFault, GridAnswer, GridApi, GridRequest, GridWorld } from './grid-server.ts';

/** The grid and the source behind the WebApi. */
export interface CarbonAwareSdkWorld {
  readonly value?: GridWorld;
  readonly locations?: readonly string[];
  /** As Electricity Maps, hourly with the location's name; as WattTime, every five minutes with the grid region's. */
  readonly behind?: 'electricity-maps' | 'watttime';
  /** Whether the source behind it has forecasts. */
  readonly forecasts?: boolean;
  /** What the best moment of a forecast is called: the documents say one thing, the code another. */
  readonly best?: 'optimalDataPoint' | 'optimalDataPoints';
}

/** The Carbon Aware SDK's WebApi. */
export function carbonAwareSdkApi(world: CarbonAwareSdkWorld = {}): GridApi {
  const { locations = ['eastus', 'westeurope'], forecasts = true } = world;
  return (request) => {
    const location = request.query.get('location') ?? '';
    if (location === '') return problem(400, { location: ['The location field is required.'] });
    if (!locations.includes(location)) return problem(400, { location: [`Unknown Location: '${location}' not found`] });
    if (request.path === '/emissions/bylocation') return emissions(world, location, request);
    if (request.path !== '/emissions/forecasts/current') return { status: 404, body: '' };
    return forecasts ? forecast(world, location, request) : problem(501, {});
  };
}

/** An error as .NET writes it. */
export function problem(status: number, errors: Readonly<Record<string, readonly string[]>>): GridAnswer {
  const title =
    status === 501 ? 'The method or operation is not implemented.' : 'One or more validation errors occurred.';
  return {
    status,
    body: { type: 'https://tools.ietf.org/html/rfc9110', title, status, detail: null, errors },
    type: 'application/problem+json',
  };
}

function emissions(world: CarbonAwareSdkWorld, location: string, { query, now, data }: GridRequest): GridAnswer {
  const [from, to] = ['time', 'toTime'].map((name) => Date.parse(query.get(name) ?? ''));
  if (from === undefined || to === undefined || Number.isNaN(from + to) || from >= to)
    return problem(400, { time: ['startTime must be before endTime'] });
  const points = pointsOf(world, { from, last: Math.min(to, now), location, data });
  if (points.length === 0 || data === 'empty') return { status: 204, body: undefined };
  return {
    status: 200,
    body: points.map(({ name, at, value, minutes }) => ({
      location: name,
      time: `${new Date(at).toISOString().slice(0, 19)}+00:00`,
      rating: value,
      duration: `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`,
    })),
  };
}

function forecast(world: CarbonAwareSdkWorld, location: string, { now, data }: GridRequest): GridAnswer {
  const points = pointsOf(world, { from: now, last: now + 86_400_000, location, data });
  const forecastData = points.map(({ name, at, value, minutes }) => ({
    location: name,
    timestamp: new Date(at).toISOString(),
    duration: minutes,
    value,
  }));
  const best = forecastData[0];
  const called = world.best ?? 'optimalDataPoints';
  const named = data === 'wrong-zone' ? 'westus' : location;
  const body = [
    {
      generatedAt: new Date(now).toISOString(),
      requestedAt: new Date(now).toISOString(),
      location: named,
      dataStartAt: best?.timestamp,
      dataEndAt: forecastData.at(-1)?.timestamp,
      windowSize: best?.duration,
      [called]: called === 'optimalDataPoint' ? best : [best],
      forecastData,
    },
  ];
  return { status: 200, body };
}

interface Drawn {
  readonly from: number;
  readonly last: number;
  readonly location: string;
  readonly data: DataFault | null;
}

function pointsOf(world: CarbonAwareSdkWorld, { from, last, location, data }: Drawn) {
  const minutes = world.behind === 'watttime' ? 5 : 60;
  const named = world.behind === 'watttime' ? 'PJM_DC' : location;
  const name = data === 'wrong-zone' ? 'westus' : named;
  const step = minutes * 60_000;
  const points = [];
  for (let at = Math.ceil(from / step) * step; at <= last; at += step) {
    points.push({ name, at, minutes, value: rating((world.value ?? sunnyGrid)(location, at), data) });
  }
  return points;
}

/** It writes −1 where there is no value. */
function rating(value: number, data: DataFault | null): number {
  if (data === 'nulls') return -1;
  if (data === 'absurd') return value * 1000;
  return data === 'negative' ? -value : value;
}
