import type { NodeGroup } from './node-spec.ts';

const ZONES = ['a', 'b', 'c'];
/** Any: nobody connects to a fake node. */
const NODE_ADDRESS = '10.0.0.1';
const CAPACITY = { cpu: '32', memory: '256Gi', pods: '110' };

/** As much of a Node as we create. */
export interface NodeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly status: {
    readonly capacity: typeof CAPACITY;
    readonly allocatable: typeof CAPACITY;
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

/** Names nodes `REGION-0`, `REGION-1`, … and never gives a name twice. */
export class NodeNamer {
  readonly #prefix: string;
  readonly #next = new Map<string, number>();

  /** A prefix keeps names apart from those of other runs, where a cluster outlives the run. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  next(region: string | null): { name: string; index: number } {
    // Node names are DNS names; labels may hold more.
    const base = (region ?? 'no-region').toLowerCase().replaceAll('_', '-');
    const index = this.#next.get(base) ?? 0;
    this.#next.set(base, index + 1);
    return { name: `${this.#prefix}${base}-${index}`, index };
  }
}

/** The region in a node's name as `NodeNamer` gives it, with or without the prefix of a run. */
export function regionOfNode(name: string): string {
  return name.replace(/^e2e-[0-9a-f]+-/, '').replace(/-\d+$/, '');
}

/**
 * The fake nodes of a group, for KWOK to keep. They are born Ready: KWOK's node-initialize stage would do it too, but
 * with a patch for each, which takes three times as long as the creation.
 */
export function nodesOf(group: NodeGroup, namer: NodeNamer): readonly NodeObject[] {
  return Array.from({ length: group.count }, () => {
    const { name, index } = namer.next(group.region);
    return node(name, { ...commonLabels(name), ...placeLabels(group, index), ...poolLabel(group) });
  });
}

function node(name: string, labels: Record<string, string>): NodeObject {
  const annotations = { 'kwok.x-k8s.io/node': 'fake' };
  const status = {
    capacity: CAPACITY,
    allocatable: CAPACITY,
    addresses: [
      { type: 'InternalIP', address: NODE_ADDRESS },
      { type: 'Hostname', address: name },
    ],
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
  };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels, annotations }, status };
}

function commonLabels(name: string): Record<string, string> {
  return { type: 'kwok', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };
}

function placeLabels({ region, zone }: NodeGroup, index: number): Record<string, string> {
  if (region === null) return {};
  const letter = zone ?? ZONES[index % ZONES.length] ?? '';
  return { 'topology.kubernetes.io/region': region, 'topology.kubernetes.io/zone': `${region}${letter}` };
}

function poolLabel({ pool }: NodeGroup): Record<string, string> {
  return pool === null ? {} : { 'lowtide.dev/pool': pool };
}
