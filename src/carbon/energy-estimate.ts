/** What a workload asks for while it runs, all its pods together. */
export interface ComputeRequest {
  readonly vcpus: number;
  /** 10^9 bytes. */
  readonly memoryGb: number;
}

/**
 * Power of servers in general: Cloud Carbon Footprint's averages for AWS, watts per vCPU when idle and at full load, the
 * share of load that it assumes where nobody measured, and watts per GB of memory. (cloudcarbonfootprint.org,
 * Methodology, appendix I; other clouds' averages lie within a fifth of these.)
 */
export const CLOUD_AVERAGE = {
  minWatts: 0.74,
  maxWatts: 3.5,
  utilisation: 0.5,
  wattsPerGb: 0.392,
  /** Power usage effectiveness: energy of the facility per energy of its servers. */
  pue: 1.135,
} as const;

/**
 * Facility power in watts by the formula of Cloud Carbon Footprint, (min + utilisation x (max - min)) x vCPUs + memory,
 * times PUE. A guess from what was asked for, not a measurement.
 */
export function estimateWatts({ vcpus, memoryGb }: ComputeRequest): number {
  const { minWatts, maxWatts, utilisation, wattsPerGb, pue } = CLOUD_AVERAGE;
  return ((minWatts + utilisation * (maxWatts - minWatts)) * vcpus + wattsPerGb * memoryGb) * pue;
}
