/** The annotations of a workload that say where it may and should run. Public names: docs/annotations.md. */
export const PREFIX = 'lowtide.dev/';

export const CLASS = `${PREFIX}class`;
export const MAX_INTENSITY = `${PREFIX}max-intensity`;
export const RESIDENCY = `${PREFIX}residency`;
export const REGIONS = `${PREFIX}regions`;
export const TENANT = `${PREFIX}tenant`;
export const LATENCY_BUDGET = `${PREFIX}latency-budget`;
export const LATENCY_ORIGIN = `${PREFIX}latency-origin`;
