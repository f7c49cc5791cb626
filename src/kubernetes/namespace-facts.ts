import { ENFORCE_LABEL, MANAGED_LABEL, PREFIX } from '../policy/annotations.ts';
import type { NamespaceFacts } from '../policy/namespace.ts';
import type { Keyed, Resource } from './resource.ts';
import { member, metadataText, textMembers } from './untyped.ts';

/** The namespaces of the cluster, by name. */
export const NAMESPACES: Resource<NamespaceFacts> = {
  name: 'namespaces',
  path: '/api/v1/namespaces',
  read: namespaceFacts,
};

function namespaceFacts(namespace: unknown): Keyed<NamespaceFacts> | null {
  const name = metadataText(namespace, 'name');
  if (name === null) return null;
  const metadata = member(namespace, 'metadata');
  const annotations = Object.entries(textMembers(member(metadata, 'annotations')));
  const labels = member(metadata, 'labels');
  const enforced = member(labels, ENFORCE_LABEL) === 'true';
  const facts: NamespaceFacts = {
    name,
    annotations: Object.fromEntries(annotations.filter(([key]) => key.startsWith(PREFIX))),
    managed: enforced || member(labels, MANAGED_LABEL) === 'true',
    enforced,
  };
  return { key: name, value: facts };
}
