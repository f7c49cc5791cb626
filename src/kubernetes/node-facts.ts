import { region } from '../carbon/units.ts';
import type { NodeFacts, Taint } from '../placement/types.ts';
import { member, metadataText, text, textMembers } from './untyped.ts';

/** The well-known label that cloud providers put on every node. */
export const DEFAULT_REGION_LABEL = 'topology.kubernetes.io/region';
/** Which pool a node belongs to: `fast` or `eco`. */
export const POOL_LABEL = 'lowtide.dev/pool';

/**
 * What placement needs of a Node object; null where it has no name.
 * Whatever is missing or of the wrong type counts as absent: one odd node must not hide the others.
 */
export function nodeFacts(node: unknown, regionLabel: string): NodeFacts | null {
  const name = metadataText(node, 'name');
  if (name === null) return null;
  const labels = textMembers(member(member(node, 'metadata'), 'labels'));
  const regionName = text(member(labels, regionLabel));
  return {
    name,
    region: regionName === null ? null : region(regionName),
    pool: poolOf(member(labels, POOL_LABEL)),
    available: isReady(node) && member(member(node, 'spec'), 'unschedulable') !== true,
    labels,
    taints: taintsOf(node),
  };
}

/** PreferNoSchedule keeps no pod away, so it is left out. */
function taintsOf(node: unknown): readonly Taint[] {
  const taints = member(member(node, 'spec'), 'taints');
  if (!Array.isArray(taints)) return NO_TAINTS;
  return taints.flatMap((taint: unknown): Taint[] => {
    const [key, effect] = [text(member(taint, 'key')), member(taint, 'effect')];
    if (key === null || (effect !== 'NoSchedule' && effect !== 'NoExecute')) return [];
    return [{ key, value: text(member(taint, 'value')) ?? '', effect }];
  });
}

const NO_TAINTS: readonly Taint[] = [];

function poolOf(label: unknown): NodeFacts['pool'] {
  return label === 'fast' || label === 'eco' ? label : null;
}

function isReady(node: unknown): boolean {
  const conditions = member(member(node, 'status'), 'conditions');
  if (!Array.isArray(conditions)) return false;
  return conditions.some((one: unknown) => member(one, 'type') === 'Ready' && member(one, 'status') === 'True');
}
