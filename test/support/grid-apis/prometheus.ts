import { shown } from './electricity-maps.ts';
import { sunnyGrid } from './grid-server.ts';
import type { GridAnswer, GridApi, GridRequest, GridWorld } from './grid-server.ts';

/** What the exporter exposes of one zone. */
export interface ExposedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** As Prometheus writes it; without it the world's value. */
  readonly value?: string;
  /** How old its samples are, ms; without it as old as the world's. */
  readonly age?: number;
}

/** The series behind the server, and who may ask. */
export interface PrometheusWorld {
  readonly value?: GridWorld;
  readonly series?: readonly ExposedSeries[];
  /** The header that is asked for; null: none. */
  readonly authorization?: string | null;
  /** How old samples are, ms. */
  readonly age?: number;
}

const EXPORTER = { provider: 'ElectricityMaps', units: 'gCO2e per kWh', is_estimated: 'false' };
const SERIES: readonly ExposedSeries[] = [
  { labels: { ...EXPORTER, location: 'DE' } },
  { labels: { ...EXPORTER, location: 'FR' } },
];
const NAME = { __name__: 'grid_intensity_carbon_average' };

/** Prometheus' HTTP API with the metrics of the grid-intensity exporter; of PromQL it knows `timestamp(…)` alone. */
export function prometheusApi(world: PrometheusWorld = {}): GridApi {
  const { authorization = null } = world;
  return (request) => {
    if (authorization !== null && request.headers.authorization !== authorization) {
      return { status: 401, body: 'Unauthorized', type: 'text/plain' };
    }
    if (request.path.endsWith('/api/v1/query')) return vector(request, world);
    if (request.path.endsWith('/api/v1/query_range')) return matrix(request, world);
    return { status: 404, body: '404 page not found', type: 'text/plain' };
  };
}

function vector(request: GridRequest, world: PrometheusWorld): GridAnswer {
  const { value = sunnyGrid, series = SERIES, age = 0 } = world;
  const at = request.now / 1000;
  const timestamps = request.query.get('query')?.startsWith('timestamp(') === true;
  const result = series.map(({ labels, value: text, age: own = age }) => ({
    metric: timestamps ? labelsOf(labels, request) : { ...NAME, ...labelsOf(labels, request) },
    value: [
      at,
      timestamps
        ? String((request.now - own) / 1000)
        : (text ?? written(value(labels['location'] ?? '', request.now - own), request)),
    ],
  }));
  return success('vector', request.data === 'empty' ? [] : result);
}

function matrix(request: GridRequest, { value = sunnyGrid, series = SERIES }: PrometheusWorld): GridAnswer {
  const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(request.query.get(name)));
  if ((end - start) / step > 11_000) {
    const error = 'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution';
    return { status: 400, body: { status: 'error', errorType: 'bad_data', error } };
  }
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
  const result = series.map(({ labels, value: text }) => ({
    metric: { ...NAME, ...labels },
    values: times.map((at) => [at, text ?? written(value(labels['location'] ?? '', at * 1000), request)]),
  }));
  return success('matrix', result);
}

function labelsOf(labels: Readonly<Record<string, string>>, { data }: GridRequest): Readonly<Record<string, string>> {
  return data === 'wrong-zone' ? { ...labels, location: 'US-CAR-DUK' } : labels;
}

function written(value: number, { data }: GridRequest): string {
  return String(shown(value, data) ?? NaN);
}

function success(resultType: string, result: unknown): GridAnswer {
  return { status: 200, body: { status: 'success', data: { resultType, result }, warnings: ['a warning'] } };
}
