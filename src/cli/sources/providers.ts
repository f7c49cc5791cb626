import { z } from 'zod';
import { duration, factor, kind, paced, secret, url } from './fields.ts';

const ElectricityMaps = z.strictObject({
  ...paced({ refresh: '1h', softAge: '2h', hardAge: '6h', requestsPerDay: 1200, requestsPerMinute: 30 }),
  url: url.optional(),
  token: secret,
  emissionFactor: factor.default('lifecycle'),
  forecast: z.boolean().default(true),
  renewable: z.boolean().default(false),
  disableEstimations: z.boolean().default(false),
  sandbox: z.boolean().default(false),
});

const WattTime = z.strictObject({
  ...paced({ refresh: '5m', softAge: '15m', hardAge: '3h', requestsPerDay: 50_000, requestsPerMinute: 300 }),
  url: url.optional(),
  username: secret,
  password: secret,
  signal: z.enum(['co2_moer', 'co2_aoer']).default('co2_moer'),
  emissionFactor: factor.default('direct'),
  percentile: z.boolean().default(true),
});

const GbCarbonIntensity = z.strictObject({
  ...paced({ refresh: '30m', softAge: '1h', hardAge: '6h', requestsPerDay: 2000, requestsPerMinute: 20 }),
  url: url.optional(),
  emissionFactor: factor.default('direct'),
});

const CarbonAwareSdk = z.strictObject({
  ...paced({ refresh: '5m', softAge: '2h', hardAge: '6h', requestsPerMinute: 120 }),
  url,
  kind: kind.default('average'),
  emissionFactor: factor.default('lifecycle'),
  forecast: z.boolean().default(true),
});

const PrometheusFields = z.strictObject({
  ...paced({ refresh: '30s', softAge: '15m', hardAge: '2h' }),
  url,
  query: z.string().min(1, 'expected a PromQL query'),
  zoneLabel: z.string().min(1).default('location'),
  /** For a query without such a label. */
  zone: z.string().min(1).optional(),
  unit: z.enum(['auto', 'gCO2e per kWh', 'lbCO2e per MWh']).default('auto'),
  kind: kind.default('average'),
  emissionFactor: factor.default('lifecycle'),
  bearerToken: secret.optional(),
  basicAuth: z.strictObject({ username: z.string().min(1), password: secret }).optional(),
  /** How long a sample speaks for. */
  step: duration.default('5m'),
  /** PromQL for the age of what `query` gives; left out: timestamp(query). */
  timestampQuery: z.string().min(1).optional(),
});
const Prometheus = PrometheusFields.refine(
  ({ bearerToken, basicAuth }) => bearerToken === undefined || basicAuth === undefined,
  'expected one of: bearerToken, basicAuth',
);

const column = z.string().min(1, 'expected the name of a column');
const Postgres = z.strictObject({
  ...paced({ refresh: '30s', softAge: '2h', hardAge: '6h' }),
  /** postgres://USER:PASSWORD@HOST:PORT/DATABASE */
  connection: secret,
  table: z.string().min(1).default('co2e_emissions'),
  columns: z
    .strictObject({
      region: column.default('region'),
      timestamp: column.default('timestamp'),
      value: column.default('gco2_per_kwh'),
      kind: column.optional(),
      isEstimated: column.optional(),
      renewablePct: column.optional(),
      isForecast: column.optional(),
    })
    .prefault({}),
  /** How long a row holds; left out: until the next. */
  step: duration.optional(),
  kind: kind.default('average'),
  emissionFactor: factor.default('lifecycle'),
});

const AzureConfigMap = z.strictObject({
  ...paced({ refresh: '1m', softAge: '6h', hardAge: '24h' }),
  namespace: z.string().min(1).default('kube-system'),
  configMap: z.string().min(1).default('carbon-intensity'),
  /** Of the one zone that the ConfigMap is about, where its rows name none. */
  zone: z.string().min(1).optional(),
  kind: kind.default('marginal'),
  emissionFactor: factor.default('direct'),
});

const Entsoe = z.strictObject({
  ...paced({ refresh: '30m', softAge: '4h', hardAge: '12h', requestsPerDay: 5000, requestsPerMinute: 60 }),
  url: url.optional(),
  token: secret,
});

const Eia = z.strictObject({
  ...paced({ refresh: '1h', softAge: '6h', hardAge: '36h', requestsPerDay: 2000, requestsPerMinute: 30 }),
  url: url.optional(),
  apiKey: secret,
});

/** Settings of each provider, by its key under `sources`. */
export const PROVIDERS = {
  electricityMaps: ElectricityMaps,
  wattTime: WattTime,
  gbCarbonIntensity: GbCarbonIntensity,
  carbonAwareSdk: CarbonAwareSdk,
  prometheus: Prometheus,
  postgres: Postgres,
  azureConfigMap: AzureConfigMap,
  entsoe: Entsoe,
  eia: Eia,
} as const;

/** Key of a provider under `sources`. */
export type ProviderKey = keyof typeof PROVIDERS;
/** A provider's settings. */
export type ProviderSettings<Key extends ProviderKey> = z.infer<(typeof PROVIDERS)[Key]>;
