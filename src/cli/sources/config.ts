import { z } from 'zod';
import { factor, file, grams, kind, lengthOf } from './fields.ts';
import { PROVIDERS } from './providers.ts';
import type { ProviderKey, ProviderSettings } from './providers.ts';

const Trace = z.strictObject({
  file,
  speed: z.number('expected a factor, e.g. 60').optional(),
  start: z.iso.datetime({ offset: true, error: 'expected a time such as 2026-03-02T11:00:00Z' }).optional(),
  forecast: z.enum(['none', 'own', 'perfect']).default('none'),
});

const Static = z.strictObject({
  values: z.record(z.string(), grams),
  kind: kind.default('average'),
  emissionFactor: factor.default('lifecycle'),
});

const KEYS = ['trace', 'static', ...Object.keys(PROVIDERS)];

const Source = z
  .strictObject({
    trace: Trace.optional(),
    static: Static.optional(),
    electricityMaps: PROVIDERS.electricityMaps.optional(),
    wattTime: PROVIDERS.wattTime.optional(),
    gbCarbonIntensity: PROVIDERS.gbCarbonIntensity.optional(),
    carbonAwareSdk: PROVIDERS.carbonAwareSdk.optional(),
    prometheus: PROVIDERS.prometheus.optional(),
    postgres: PROVIDERS.postgres.optional(),
    azureConfigMap: PROVIDERS.azureConfigMap.optional(),
    entsoe: PROVIDERS.entsoe.optional(),
    eia: PROVIDERS.eia.optional(),
  })
  .refine((source) => Object.values(source).filter(Boolean).length === 1, `expected one of: ${KEYS.join(', ')}`);

/** `sources` of `--config`: in order of preference. */
export const Sources = z.array(Source).superRefine((sources, context) => {
  const names = providersOf(sources).map(({ id }) => id);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) context.addIssue(`two sources are called ${twice}: give one of them a name of its own`);
  for (const { id, settings } of providersOf(sources)) {
    const [refresh, soft, hard] = [settings.refresh, settings.softAge, settings.hardAge].map(lengthOf);
    if (!(Number(refresh) < Number(soft) && Number(soft) <= Number(hard))) {
      context.addIssue(`${id}: expected refresh < softAge <= hardAge`);
    }
  }
  const marks = sources.map((source) => (isProvider(source) ? 'p' : '-')).join('');
  if (/p-+p/.test(marks))
    context.addIssue('providers stand together: move trace and static before or after all of them');
});

/** One source of the carbon signal. */
export type SourceConfig = z.infer<typeof Source>;

/** One provider of the configuration: which, what metrics call it, and its settings. */
export type ProviderConfig = {
  readonly [Key in ProviderKey]: { readonly key: Key; readonly id: string; readonly settings: ProviderSettings<Key> };
}[ProviderKey];

/** The providers among the sources, in order. */
export function providersOf(sources: readonly SourceConfig[]): readonly ProviderConfig[] {
  return sources.flatMap((source) => {
    const key = (Object.keys(PROVIDERS) as ProviderKey[]).find((each) => source[each] !== undefined);
    const settings = key === undefined ? undefined : source[key];
    if (key === undefined || settings === undefined) return [];
    const id = settings.name ?? key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    return [{ key, id, settings } as ProviderConfig];
  });
}

/** Whether it is asked, rather than read once. */
export function isProvider(source: SourceConfig): boolean {
  return source.trace === undefined && source.static === undefined;
}
