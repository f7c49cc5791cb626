import type { ReleaseReason } from '../../src/timing/reasons.ts';

/** A piece of work of the demonstration. */
export interface Work {
  readonly kind: 'job' | 'pod';
  readonly namespace: string;
  readonly name: string;
  /** Pods of a Job. */
  readonly pods: number;
  /** Without their prefix. */
  readonly words: Readonly<Record<string, string>>;
  /** How it is let go on the shipped trace; null: it does not wait. */
  readonly ends: ReleaseReason | null;
}

export const NAMESPACE = 'demo';
/** Residency is enforced there. */
export const ENFORCED = 'payments';
const eu = { residency: 'eu-strict' };

/** Work that can wait, and some that cannot. */
export const WORKS: readonly Work[] = [
  {
    ...{ kind: 'pod', namespace: NAMESPACE, name: 'checkout', pods: 1, ends: null },
    words: { class: 'urgent', 'latency-origin': 'us-east-1', 'latency-budget': '68ms' },
  },
  {
    ...{ kind: 'job', namespace: NAMESPACE, name: 'training', pods: 3, ends: 'intensity-below-threshold' },
    words: { class: 'deferrable', ...eu },
  },
  {
    ...{ kind: 'pod', namespace: NAMESPACE, name: 'render', pods: 1, ends: 'intensity-below-threshold' },
    words: { class: 'deferrable', 'max-intensity': '200' },
  },
  {
    ...{ kind: 'job', namespace: NAMESPACE, name: 'us-etl', pods: 2, ends: 'max-delay-reached' },
    words: { class: 'deferrable', residency: 'us-only' },
  },
  {
    ...{ kind: 'job', namespace: ENFORCED, name: 'ledger', pods: 1, ends: 'intensity-below-threshold' },
    words: { class: 'deferrable' },
  },
];

/** The same specification each time, created as the grid turns: clean enough to go at once, it is only placed. */
export const REPEATED: Work = {
  ...{ kind: 'pod', namespace: NAMESPACE, name: 'thumbnails', pods: 1, ends: null },
  words: { class: 'standard', ...eu },
};

/** Its annotations as they are written. */
export function annotationsOf({ words }: Pick<Work, 'words'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(words).map(([name, value]) => [`lowtide.dev/${name}`, value]));
}

/** What it asks for, in a few words. */
export function wishes({ words }: Work): string {
  return Object.entries(words)
    .map(([name, value]) => (name === 'class' || name === 'residency' ? value : `${name} ${value}`))
    .join(', ');
}

/** How kubectl names it. */
export function nameOf({ kind, name }: Work): string {
  return `${kind}/${name}`;
}

/** The collection that it belongs to. */
export function pathOf({ kind, namespace }: Pick<Work, 'kind' | 'namespace'>): string {
  return kind === 'job' ? `/apis/batch/v1/namespaces/${namespace}/jobs` : `/api/v1/namespaces/${namespace}/pods`;
}

/** The object that a user creates; its pods carry the label `work`. */
export function manifestOf(work: Work): object {
  const { kind, name, pods } = work;
  const metadata = { name, annotations: annotationsOf(work) };
  const labels = { work: name };
  const spec = {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'work', image: 'work', resources: { requests: { cpu: '100m' } } }],
  };
  if (kind === 'pod') return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels }, spec };
  const template = { metadata: { labels }, spec: { ...spec, restartPolicy: 'Never' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: { parallelism: pods, completions: pods, template },
  };
}
