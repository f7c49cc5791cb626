import * as annotation from '../../src/policy/annotations.ts';

/** What one workload of a test says; everything may be left out. */
export interface Sketch {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Seconds that its containers run; left out: for ever, a Job's pods end at once. */
  readonly runs?: number;
  /** Further keys of the pod's spec. */
  readonly pod?: object;
  /** Further annotations of a pod template, where the workload has one. */
  readonly templateAnnotations?: Readonly<Record<string, string>>;
  /** Further keys of the workload's own spec. */
  readonly spec?: object;
}

/** A manifest, as a person would apply it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> } & object;
  readonly spec: object;
}

/** KWOK ends a Job's pod so long after its start. */
const RUN_TIME = 'pod-complete.stage.kwok.x-k8s.io/delay';

/** Lowtide's annotations, by their bare names: `lowtide({ class: 'patient' })`. */
export function lowtide(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${annotation.PREFIX}${name}`, value]));
}

/** A bare pod. */
export function pod(name: string, sketch: Sketch = {}): Manifest {
  const { spec } = template(name, sketch);
  return { apiVersion: 'v1', kind: 'Pod', metadata: metadata(name, sketch), spec };
}

/** A Job of one pod, unless its spec says otherwise. */
export function job(name: string, sketch: Sketch = {}): Manifest {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata(name, sketch), spec: jobSpec(name, sketch) };
}

/** A CronJob of every minute; its Jobs carry the annotations. */
export function cronJob(name: string, concurrencyPolicy: string, sketch: Sketch = {}): Manifest {
  const jobTemplate = { metadata: metadata(name, sketch), spec: jobSpec(name, { ...sketch, spec: {} }) };
  const spec = { schedule: '* * * * *', concurrencyPolicy, jobTemplate, ...sketch.spec };
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec };
}

/** A Deployment of so many replicas; its pods carry the annotations. */
export function deployment(name: string, replicas: number, sketch: Sketch = {}): Manifest {
  const { annotations, ...rest } = sketch;
  const pods = template(name, { ...rest, templateAnnotations: { ...annotations, ...sketch.templateAnnotations } });
  const spec = { replicas, selector: { matchLabels: { set: name } }, template: pods, ...sketch.spec };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

/** Required node affinity to regions, as a user writes it. */
export function inRegions(...regions: readonly string[]): object {
  const matchExpressions = [{ key: 'topology.kubernetes.io/region', operator: 'In', values: regions }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function metadata(name: string, { annotations, labels }: Sketch) {
  return { name, labels: { set: name, ...labels }, ...(annotations && { annotations }) };
}

function jobSpec(name: string, sketch: Sketch) {
  const pods = template(name, sketch);
  return { template: { ...pods, spec: { ...pods.spec, restartPolicy: 'Never' } }, ...sketch.spec };
}

function template(set: string, { labels, runs, pod: more, templateAnnotations }: Sketch) {
  const annotations = { ...(runs === undefined ? {} : { [RUN_TIME]: `${runs}s` }), ...templateAnnotations };
  return {
    metadata: { labels: { set, ...labels }, annotations },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'work', image: 'work' }], ...more },
  };
}
