import { regionOfNode } from '../../hack/cluster/node-objects.ts';
import { DECISION, GATE, HELD_LABEL } from '../../src/policy/annotations.ts';

/** As much of a live object as tests look at. */
export interface LiveObject {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  };
  readonly spec: LiveSpec;
  readonly status?: LiveStatus;
}

interface LiveStatus {
  readonly active?: number;
  readonly succeeded?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
}

interface LiveSpec {
  readonly suspend?: boolean;
  readonly nodeName?: string;
  readonly schedulingGates?: readonly { readonly name: string }[];
  readonly affinity?: LiveAffinity;
  readonly template?: { readonly metadata?: LiveObject['metadata']; readonly spec: { affinity?: LiveAffinity } };
}

interface LiveAffinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly LiveTerm[] };
    readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
      readonly weight: number;
      readonly preference: LiveTerm;
    }[];
  };
}

interface LiveTerm {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** The annotation `lowtide.dev/decision`, taken apart. */
export interface DecisionNote {
  readonly reason: string;
  readonly intensity: number | null;
  readonly threshold: number | null;
  readonly region: string | null;
  readonly until: string;
}

/** Suspended, or behind our gate. */
export function isHeld({ spec }: LiveObject): boolean {
  return spec.suspend === true || gates({ spec }).includes(GATE);
}

/** Whether it carries our label of held work. */
export function isMarked({ metadata }: LiveObject): boolean {
  return metadata.labels?.[HELD_LABEL] === 'true';
}

/** Names of its scheduling gates. */
export function gates({ spec }: Pick<LiveObject, 'spec'>): readonly string[] {
  return (spec.schedulingGates ?? []).map(({ name }) => name);
}

/** What Lowtide last decided about it. */
export function decision({ metadata }: LiveObject): DecisionNote {
  return JSON.parse(metadata.annotations?.[DECISION] ?? 'null') as DecisionNote;
}

/** The value of an annotation or label of ours by its bare name. */
export function word({ metadata }: LiveObject, name: string): string | undefined {
  return metadata.annotations?.[`lowtide.dev/${name}`] ?? metadata.labels?.[`lowtide.dev/${name}`];
}

/** The region of the node a pod is on, by the node names of hack/cluster; null: on none. */
export function regionOf({ spec }: LiveObject): string | null {
  return spec.nodeName === undefined ? null : regionOfNode(spec.nodeName);
}

/** For each required term the regions it asks for, in the order of their names. */
export function requiredRegions({ affinity }: Pick<LiveSpec, 'affinity'>): readonly (readonly string[])[] {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (required?.nodeSelectorTerms ?? []).map(({ matchExpressions = [] }) =>
    matchExpressions.flatMap(({ key, values }) =>
      key === 'topology.kubernetes.io/region' ? (values ?? []).toSorted() : [],
    ),
  );
}

/** The region of the heaviest preferred term; null: none is preferred. */
export function preferredRegion({ affinity }: Pick<LiveSpec, 'affinity'>): string | null {
  const preferred = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const [heaviest] = preferred.toSorted((a, b) => b.weight - a.weight);
  return heaviest?.preference.matchExpressions?.[0]?.values?.[0] ?? null;
}
