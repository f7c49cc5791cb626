/** A policy of two EU regions and one in the US, all at one price, for scenarios to vary. */
export function twoUnions(
  changes: { costs?: Record<string, number>; scheduler?: object; latency?: object } = {},
): object {
  const cost = (name: string): number => changes.costs?.[name] ?? 1;
  return {
    apiVersion: 'lowtide.dev/v1alpha1',
    kind: 'Policy',
    regions: {
      'eu-west-1': { zone: 'IE', jurisdiction: 'eu', cost: cost('eu-west-1'), ...changes.latency },
      'eu-central-1': { zone: 'DE', jurisdiction: 'eu', cost: cost('eu-central-1') },
      'us-east-1': { zone: 'PJM', jurisdiction: 'us', cost: cost('us-east-1') },
    },
    residency: { sets: { 'eu-strict': { jurisdictions: ['eu'] } } },
    ...(changes.scheduler === undefined ? {} : { scheduler: changes.scheduler }),
  };
}

/** Nodes for it. */
export const TWO_UNIONS = 'eu-west-1=6,eu-central-1=6,us-east-1=6,-=2';
/** The US is cleanest of all, eu-west-1 cleanest in the EU; gCO2eq/kWh. */
export const CLEAN_WEST = { PJM: 50, IE: 200, DE: 400 };
/** Where residency keeps a pod in the EU. */
export const EU_ONLY = { annotations: { 'lowtide.dev/residency': 'eu-strict' }, cpu: '10m' };
