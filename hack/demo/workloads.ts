import type { WorkloadSketch } from '../cluster/workloads.ts';

/** A pod of the demonstration: the same specification in every act. */
export interface DemoPod {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const p = 'lowtide.dev/';

/** What a platform team runs: something urgent near its users, EU data, US data, and work that may run anywhere. */
export const DEMO_PODS: readonly DemoPod[] = [
  {
    name: 'checkout',
    annotations: { [`${p}class`]: 'urgent', [`${p}latency-origin`]: 'us-east-1', [`${p}latency-budget`]: '68ms' },
  },
  { name: 'invoices', annotations: { [`${p}class`]: 'standard', [`${p}residency`]: 'eu-strict' } },
  { name: 'training', annotations: { [`${p}class`]: 'deferrable', [`${p}residency`]: 'eu-strict' } },
  { name: 'us-etl', annotations: { [`${p}class`]: 'standard', [`${p}residency`]: 'us-only' } },
  { name: 'render', annotations: { [`${p}class`]: 'deferrable' } },
];

/** The pod as it is created. */
export function sketch({ annotations }: DemoPod): WorkloadSketch {
  return { annotations, cpu: '100m' };
}

/** The value of one of its annotations, or a dash. */
export function annotation({ annotations }: DemoPod, name: string): string {
  return annotations[`${p}${name}`] ?? '-';
}
