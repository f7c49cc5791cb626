import { text } from '../../kubernetes/untyped.ts';
import type { Refusal } from './answer.ts';
import { annotationsOf } from './candidate.ts';
import { at } from './edit.ts';
import { refusedNode } from './refusals.ts';
import type { AdmissionRequest } from './review.ts';
import { wantedBy } from './scene.ts';
import type { Scene } from './scene.ts';

/** Fetches a pod as the API server has it; null: there is none. Rejects where it cannot be had. */
export type PodOf = (namespace: string, name: string) => Promise<unknown>;

/** A new pod that names its node, in an enforced namespace: null, or why it may not run there. */
export function checkPod({ object }: AdmissionRequest, scene: Scene): Refusal | null {
  return checkNode(object, text(at(object, ['spec', 'nodeName'])), scene);
}

/** A binding that is not kube-scheduler's, in an enforced namespace: null, or why the pod may not run there. */
export async function checkBinding(request: AdmissionRequest, scene: Scene, podOf: PodOf): Promise<Refusal | null> {
  const name = request.name === '' ? (text(at(request.object, ['metadata', 'name'])) ?? '') : request.name;
  const pod = await podOf(request.namespace, name);
  if (pod === null) {
    const message = `pod ${name} of the binding is not there`;
    return { code: 404, reason: 'NotFound', message, subjects: ['metadata.name'] };
  }
  return checkNode(pod, text(at(request.object, ['target', 'name'])), scene);
}

/** The pod's annotations count, within its namespace: its affinity may be anything, if it came past the webhooks. */
function checkNode(pod: unknown, node: string | null, scene: Scene): Refusal | null {
  return node === null ? null : refusedNode(node, wantedBy(annotationsOf(pod), scene).intent, scene);
}
