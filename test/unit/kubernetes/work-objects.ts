import type { FakeObject } from '../../support/fake-api-server.ts';

interface WorkSketch {
  readonly uid?: string;
  readonly held?: boolean;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  /** Further members of the spec. */
  readonly spec?: object;
}

interface JobSketch extends WorkSketch {
  /** The template's annotations. */
  readonly template?: Record<string, string>;
  readonly podSpec?: object;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  /** UID of the CronJob that made it. */
  readonly cronJob?: string;
}

const HELD = { 'lowtide.dev/held': 'true' };

/** A held Job as the API server has it, unless said otherwise; its uid is `uid-NAME`. */
export function jobObject(name: string, sketch: JobSketch = {}): FakeObject {
  const { held = true, template = {}, podSpec = {}, conditions = [], cronJob } = sketch;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid: cronJob, controller: true };
  return {
    metadata: { ...metadata(name, sketch), ...(cronJob !== undefined && { ownerReferences: [owner] }) },
    spec: { suspend: held, template: { metadata: { annotations: template }, spec: podSpec }, ...sketch.spec },
    status: { conditions },
  };
}

/** A gated pod as the API server has it, unless said otherwise; its uid is `uid-NAME`. */
export function podObject(name: string, sketch: WorkSketch = {}): FakeObject {
  const gates = sketch.held === false ? {} : { schedulingGates: [{ name: 'lowtide.dev/carbon' }] };
  return {
    metadata: metadata(name, sketch),
    spec: { ...gates, containers: [{ name: 'main', image: 'busybox' }], ...sketch.spec },
    status: { phase: 'Pending' },
  };
}

function metadata(name: string, { uid = `uid-${name}`, labels, annotations }: WorkSketch): FakeObject['metadata'] {
  return {
    name,
    namespace: 'batch',
    uid,
    resourceVersion: '7',
    creationTimestamp: '2026-03-02T11:00:00Z',
    labels: { ...HELD, ...labels },
    annotations: { ...annotations },
    managedFields: [{ manager: 'kubectl', operation: 'Update' }],
  };
}
