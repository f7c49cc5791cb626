import type { FakeObject } from '../../support/fake-api-server.ts';

interface NodeSketch {
  readonly region?: string;
  readonly pool?: string;
  readonly ready?: boolean;
  readonly cordoned?: boolean;
}

/** A Node object as the API server has it: Ready in eu-west-1 unless said otherwise; region '' for no label. */
export function nodeObject(name: string, sketch: NodeSketch = {}): FakeObject {
  const { region = 'eu-west-1', pool, ready = true, cordoned = false } = sketch;
  return {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        ...(region === '' ? {} : { 'topology.kubernetes.io/region': region }),
        ...(pool === undefined ? {} : { 'lowtide.dev/pool': pool }),
      },
    },
    spec: cordoned ? { unschedulable: true } : {},
    status: {
      conditions: [
        { type: 'MemoryPressure', status: 'False' },
        { type: 'Ready', status: ready ? 'True' : 'False' },
      ],
    },
  };
}
