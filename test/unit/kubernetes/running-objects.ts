import { INTERRUPTIBLE, INTERRUPTIBLE_LABEL } from '../../../src/policy/annotations.ts';

type Json = Record<string, unknown>;

interface Sketch {
  readonly labels?: Json;
  readonly annotations?: Json;
  readonly metadata?: Json;
  readonly spec?: Json;
  readonly podSpec?: Json;
  readonly status?: Json;
}

export const STARTED = '2026-03-02T11:30:00Z';

/** A Job that runs, and may be paused, as the API server has it. */
export function runningObject(name: string, sketch: Sketch = {}): { metadata: Json; spec: Json; status: Json } {
  const { labels, annotations, metadata, spec, podSpec, status } = sketch;
  return {
    metadata: {
      name,
      namespace: 'team',
      uid: `uid-${name}`,
      resourceVersion: '7',
      creationTimestamp: '2026-03-02T11:00:00Z',
      labels: { [INTERRUPTIBLE_LABEL]: 'true', ...labels },
      annotations: { [INTERRUPTIBLE]: 'true', ...annotations },
      ...metadata,
    },
    spec: {
      suspend: false,
      template: { metadata: {}, spec: { containers: [{ name: 'work' }], ...podSpec } },
      ...spec,
    },
    status: { active: 1, ready: 1, startTime: STARTED, conditions: [], ...status },
  };
}

/** A condition that is true. */
export function condition(type: string): { type: string; status: string } {
  return { type, status: 'True' };
}
