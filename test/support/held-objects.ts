import { GATE, HELD_LABEL, HELD_SINCE } from '../../src/policy/annotations.ts';

type Json = Record<string, unknown>;

interface Sketch {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Json;
  readonly status?: Json;
}

const CREATED = '2026-03-02T12:00:00Z';

/** A Job as admission leaves it: suspended and marked as ours. */
export function heldJob(name: string, { labels, annotations, spec, status }: Sketch = {}): Json {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: held(name, labels, annotations),
    spec: {
      suspend: true,
      template: {
        metadata: {},
        spec: {
          containers: [{ name: 'work', image: 'work' }],
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
        },
      },
      ...spec,
    },
    ...(status && { status }),
  };
}

/** A bare pod as admission leaves it: gated and marked as ours. */
export function heldPod(name: string, { labels, annotations, spec, status }: Sketch = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: held(name, labels, annotations),
    spec: {
      schedulingGates: [{ name: GATE }],
      containers: [{ name: 'work', image: 'work' }],
      terminationGracePeriodSeconds: 0,
      ...spec,
    },
    ...(status && { status }),
  };
}

function held(name: string, labels: Sketch['labels'], annotations: Sketch['annotations']): Json {
  return {
    name,
    creationTimestamp: CREATED,
    labels: { [HELD_LABEL]: 'true', ...labels },
    annotations: { [HELD_SINCE]: CREATED, ...annotations },
  };
}
