import type { RegionsTable } from '../../carbon/regions-table.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { Clock } from '../../service/clock.ts';
import type { ServeOptions } from '../serve/options.ts';
import { openAccess } from '../serve/access.ts';
import { configMapReader } from '../sources/config-map-reader.ts';
import { providersOf, Sources } from '../sources/config.ts';
import type { ProviderConfig } from '../sources/config.ts';
import { openProviders } from '../sources/open.ts';
import { openReadOnce } from '../sources/signal-sources.ts';
import type { ReadOnce } from '../sources/signal-sources.ts';
import { sourcesFromEnvironment } from './environment.ts';
import { IntensityFeed, UNOBSERVED } from './gather.ts';
import type { IntensityOptions } from './options.ts';
import { regionsOf, targetsOf } from './targets.ts';
import type { Target } from './targets.ts';

/** What everything is opened with. */
export interface OpenContext {
  readonly settings: Pick<ServeOptions, 'sources' | 'cluster' | 'signal'>;
  readonly policy: Policy;
  readonly table: RegionsTable;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
}

/** What was asked about, and whom to ask. */
export interface OpenedIntensity {
  readonly targets: readonly Target[];
  readonly feed: IntensityFeed;
  readonly providers: readonly ProviderConfig[];
  /** The regions that were asked about, by which providers' names of zones are found. */
  readonly asked: Policy['regions'];
  /** Whether the sources are those of the environment. */
  readonly fromEnvironment: boolean;
  close(): Promise<void>;
}

/**
 * Finds what was asked about, and opens the sources: the configuration's, else those whose credentials the environment has.
 * @throws UsageError for names that are not known, traces that cannot be used, and credentials that cannot be read.
 */
export async function openIntensity(names: IntensityOptions['names'], context: OpenContext): Promise<OpenedIntensity> {
  const { settings, policy, table, env, clock, random } = context;
  const readOnce = await openReadOnce(settings.sources, policy, clock.now());
  const targets = targetsOf(names, { policy, table, zones: zonesOf(readOnce, policy, clock.now()) });
  const asked = regionsOf(targets, policy);
  const fromEnvironment = settings.sources.length === 0;
  const configs = fromEnvironment ? Sources.parse(sourcesFromEnvironment(env, targets, table)) : settings.sources;
  const providers = providersOf(configs);
  let access: ReturnType<typeof openAccess> | null = null;
  // The cluster is opened by the first source that is in it.
  const readConfigMap = configMapReader(() => (access ??= openAccess(settings, env)));
  const opened = await openProviders(providers, {
    ...{ env, table, observer: UNOBSERVED, reserved: false, readConfigMap },
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    policy: () => ({ ...policy, regions: asked }),
  });
  const feed = new IntensityFeed({
    sources: { ...readOnce, providers: opened },
    policy: { ...policy, regions: new Map([...policy.regions, ...asked]) },
    zones: [...new Set(targets.map(({ zone }) => zone))],
    ...{ clock, random, ownForecast: settings.signal.ownForecast },
  });
  const close = async (): Promise<void> => {
    await feed.close();
    await access?.then((opened) => opened?.close()).catch(() => undefined);
  };
  return { targets, feed, providers, asked, fromEnvironment, close };
}

function zonesOf({ before, after }: ReadOnce, policy: Policy, now: Instant): ReadonlySet<Zone> {
  return new Set([...before, ...after].flatMap((sourceOf) => [...sourceOf(policy).readingsAt(now).keys()]));
}
