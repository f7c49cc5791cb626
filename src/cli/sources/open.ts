import { zoneNames } from '../../carbon/zone-names.ts';
import type { RegionsTable } from '../../carbon/regions-table.ts';
import { millis } from '../../carbon/units.ts';
import type { Instant, Millis, Region, Zone } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import { Meter } from '../../sources/chain/meter-of.ts';
import { meteredExchange, meteredProvider } from '../../sources/chain/metered-exchange.ts';
import type { ChainObserver } from '../../sources/chain/observer.ts';
import type { ChainSource } from '../../sources/chain/source.ts';
import { DEFAULT_MAX_BYTES, httpExchange } from '../../sources/http/exchange.ts';
import { UsageError } from '../usage-error.ts';
import type { ProviderConfig } from './config.ts';
import { lengthOf } from './fields.ts';
import type { SecretConfig } from './fields.ts';
import { makeProvider } from './makers.ts';
import type { MadeProvider, ReadConfigMap } from './makers.ts';
import { secretOf, secretProblem } from './secrets.ts';

/** Nobody is asked more often, whatever the policy says. */
const LEAST_MS = 1_000;
/** What the configured providers work with. */
export interface ProvidersContext {
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => Instant;
  /** Milliseconds that only ever rise. */
  readonly monotonic: () => number;
  readonly observer: ChainObserver;
  readonly table: RegionsTable;
  /** The policy in force: its regions say whose zone a name is, its refresh how often anybody is asked at most. */
  readonly policy: () => Policy;
  readonly readConfigMap: ReadConfigMap;
  /** Whether the daily allowance is shared: then only what was set aside is sent. */
  readonly reserved: boolean;
}

/**
 * Opens the configured providers, in order.
 * @throws UsageError with a line for each credential that cannot be read.
 */
export async function openProviders(
  configs: readonly ProviderConfig[],
  context: ProvidersContext,
): Promise<readonly ChainSource[]> {
  const problems = await Promise.all(configs.map((config) => credentialProblems(config, context.env)));
  if (problems.some((lines) => lines.length > 0)) throw new UsageError(problems.flat());
  return Promise.all(configs.map((config) => openProvider(config, context)));
}

async function credentialProblems(
  { key, settings }: ProviderConfig,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const problems = await Promise.all(
    secretsIn(settings).map(async ([name, secret]) => {
      const problem = await secretProblem(secret, env);
      return problem === null ? null : `sources: ${key}.${name}: ${problem}`;
    }),
  );
  return problems.filter((problem) => problem !== null);
}

/** Where the settings name credentials; a zone may be called `file`, and is none. */
function secretsIn({
  zones: _,
  ...settings
}: ProviderConfig['settings']): readonly (readonly [string, SecretConfig])[] {
  const password = 'basicAuth' in settings ? settings.basicAuth?.password : undefined;
  const entries: [string, unknown][] = [...Object.entries(settings), ['basicAuth.password', password]];
  return entries.filter((entry): entry is [string, SecretConfig] => isSecret(entry[1]));
}

function isSecret(value: unknown): value is SecretConfig {
  if (typeof value !== 'object' || value === null) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && (key === 'file' || key === 'env');
}

async function openProvider(config: ProviderConfig, context: ProvidersContext): Promise<ChainSource> {
  const { id, settings } = config;
  const { env, now, monotonic, observer, reserved, readConfigMap } = context;
  const meter = new Meter({ perDay: settings.requestsPerDay, perMinute: settings.requestsPerMinute, now, reserved });
  const metering = { source: id, meter, observer, monotonic };
  const wire = httpExchange({ timeout: lengthOf(settings.timeout), maxBytes: DEFAULT_MAX_BYTES, now });
  const exchange = meteredExchange(wire, metering);
  const secret = (at: SecretConfig) => secretOf(at, env);
  const { provider, names, requestsPerReport, http } = await makeProvider(config, {
    ...{ id, exchange, now, secret, readConfigMap, regionsOn: regionsOf(context) },
  });
  return {
    provider: http ? provider : meteredProvider(provider, metering),
    nameOf: namesOf(names, settings, context),
    ages: { soft: lengthOf(settings.softAge), hard: lengthOf(settings.hardAge) },
    get refresh(): Millis {
      return millis(Math.max(lengthOf(settings.refresh), context.policy().scheduler.refresh, LEAST_MS));
    },
    meter,
    requestsPerReport,
  };
}

/** By the policy in force. */
function regionsOf({ policy }: ProvidersContext): (zone: Zone) => readonly Region[] {
  return (zone) => [...policy().regions].flatMap(([region, facts]) => (facts.zone === zone ? [region] : []));
}

/** By the policy in force; made anew when another comes. */
function namesOf(
  names: MadeProvider['names'],
  { zones }: ProviderConfig['settings'],
  { table, policy }: ProvidersContext,
): (zone: Zone) => string | null {
  const overrides = new Map(Object.entries(zones));
  let made: { readonly regions: Policy['regions']; readonly nameOf: (zone: Zone) => string | null } | null = null;
  return (zone) => {
    const { regions } = policy();
    if (made?.regions !== regions) made = { regions, nameOf: zoneNames(names, { table, regions, overrides }) };
    return made.nameOf(zone);
  };
}
