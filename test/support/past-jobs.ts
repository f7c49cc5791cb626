type Json = Record<string, unknown>;

/** What sets one Job of the past apart from another. */
export interface PastSketch {
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly templateAnnotations?: Readonly<Record<string, string>>;
  /** Of its container. */
  readonly requests?: Readonly<Record<string, string>>;
  readonly spec?: Json;
  readonly pod?: Json;
  readonly status?: Json;
}

const CREATED = '2026-03-02T11:58:00Z';

/** A Job as the API server keeps it after its end: created 11:58, run from 12:00 for an hour and a half. */
export function pastJobObject(name: string, sketch: PastSketch = {}): Json {
  const { namespace = 'team', annotations, templateAnnotations, requests, spec, pod, status } = sketch;
  const container = { name: 'work', image: 'work', resources: requests === undefined ? {} : { requests } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...{ name, namespace, uid: `uid-${name}`, resourceVersion: '7', creationTimestamp: CREATED },
      ...(annotations && { annotations }),
    },
    spec: {
      parallelism: 1,
      completions: 1,
      template: { metadata: { annotations: templateAnnotations }, spec: { containers: [container], ...pod } },
      ...spec,
    },
    status: status ?? {
      startTime: '2026-03-02T12:00:00Z',
      completionTime: '2026-03-02T13:30:00Z',
      conditions: [{ type: 'Complete', status: 'True' }],
    },
  };
}
