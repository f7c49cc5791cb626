import type {
  NodeAffinity,
  NodeRequirement,
  NodeSelectorTerm,
  PodScheduling,
  PreferredTerm,
  Toleration,
} from '../placement/types.ts';
import { listMember, member, text, textMembers } from './untyped.ts';

/**
 * What a pod spec, or that of a Job's template, says about the nodes that the pod can run on: a copy that keeps nothing
 * of the object alive. Ephemeral volumes are left out: their claims do not exist before the pod is scheduled.
 */
export function podScheduling(podSpec: unknown): PodScheduling {
  return {
    nodeSelector: textMembers(member(podSpec, 'nodeSelector')),
    nodeAffinity: nodeAffinity(member(member(podSpec, 'affinity'), 'nodeAffinity')),
    tolerations: listMember(podSpec, 'tolerations').map(toleration),
    claims: listMember(podSpec, 'volumes').flatMap(claimOf),
  };
}

/** Node affinity as far as it is well-formed; null where there is none. */
export function nodeAffinity(affinity: unknown): NodeAffinity | null {
  const required = member(affinity, 'requiredDuringSchedulingIgnoredDuringExecution');
  const terms = member(required, 'nodeSelectorTerms');
  const preferred = listMember(affinity, 'preferredDuringSchedulingIgnoredDuringExecution').flatMap(preferredTerm);
  if (!Array.isArray(terms) && preferred.length === 0) return null;
  return {
    ...(Array.isArray(terms) && {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map(nodeSelectorTerm) },
    }),
    ...(preferred.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
}

/** One term, with those of its requirements that are well-formed. An empty term stays: it matches nothing. */
export function nodeSelectorTerm(term: unknown): NodeSelectorTerm {
  const expressions = listMember(term, 'matchExpressions').flatMap(requirement);
  const fields = listMember(term, 'matchFields').flatMap(requirement);
  return {
    ...(expressions.length > 0 && { matchExpressions: expressions }),
    ...(fields.length > 0 && { matchFields: fields }),
  };
}

function requirement(value: unknown): readonly NodeRequirement[] {
  const [key, operator] = [text(member(value, 'key')), text(member(value, 'operator'))];
  if (key === null || operator === null) return [];
  // A value may be the empty string, as a label's may.
  const values = listMember(value, 'values').filter((one): one is string => typeof one === 'string');
  return [values.length === 0 ? { key, operator } : { key, operator, values }];
}

function preferredTerm(value: unknown): readonly PreferredTerm[] {
  const weight = member(value, 'weight');
  if (typeof weight !== 'number') return [];
  return [{ weight, preference: nodeSelectorTerm(member(value, 'preference')) }];
}

function toleration(value: unknown): Toleration {
  const { key, operator, value: tolerated, effect } = textMembers(value);
  return {
    ...(key !== undefined && { key }),
    ...(operator !== undefined && { operator }),
    ...(tolerated !== undefined && { value: tolerated }),
    ...(effect !== undefined && { effect }),
  };
}

function claimOf(volume: unknown): readonly string[] {
  const claim = text(member(member(volume, 'persistentVolumeClaim'), 'claimName'));
  return claim === null ? [] : [claim];
}
