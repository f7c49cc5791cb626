import type { NodeSelectorTerm } from '../placement/types.ts';
import { namespacedKey } from './namespaced-key.ts';
import { nodeSelectorTerm } from './pod-scheduling.ts';
import type { Keyed, Resource } from './resource.ts';
import { SharedValues } from './shared-values.ts';
import { listMember, member, metadataText, text } from './untyped.ts';

/** The claims of the cluster, by namespace and name: each with its volume, null while it is not bound. */
export const CLAIMS: Resource<string | null> = {
  name: 'persistentvolumeclaims',
  path: '/api/v1/persistentvolumeclaims',
  read: boundVolume,
};

/** The volumes of the cluster, by name: each with the terms of its node affinity, none where every node will do. */
export function volumes(): Resource<readonly NodeSelectorTerm[]> {
  const shared = new SharedValues<readonly NodeSelectorTerm[]>();
  const read = (volume: unknown): Keyed<readonly NodeSelectorTerm[]> | null => {
    const name = metadataText(volume, 'name');
    return name === null ? null : { key: name, value: shared.of(requiredTerms(volume)) };
  };
  return { name: 'persistentvolumes', path: '/api/v1/persistentvolumes', read };
}

function boundVolume(claim: unknown): Keyed<string | null> | null {
  const key = namespacedKey(claim);
  if (key === null) return null;
  const bound = member(member(claim, 'status'), 'phase') === 'Bound';
  return { key, value: bound ? text(member(member(claim, 'spec'), 'volumeName')) : null };
}

function requiredTerms(volume: unknown): readonly NodeSelectorTerm[] {
  const required = member(member(member(volume, 'spec'), 'nodeAffinity'), 'required');
  return listMember(required, 'nodeSelectorTerms').map(nodeSelectorTerm);
}
