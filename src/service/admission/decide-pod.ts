import { text } from '../../kubernetes/untyped.ts';
import type { Refusal } from './answer.ts';
import { annotationsOf, isMirror, podCandidate } from './candidate.ts';
import { at } from './edit.ts';
import { decideToHold } from './hold.ts';
import type { HoldVerdict } from './hold.ts';
import { placePod } from './pod-placement.ts';
import type { PodPlacement } from './pod-placement.ts';
import { isRefusal, judgeProblems, permittedOrRefused, refusedNode } from './refusals.ts';
import { wantedBy } from './scene.ts';
import type { Scene, Wanted } from './scene.ts';
import { stripPod } from './strip.ts';
import { unknownWords } from './unknown-words.ts';

/** What becomes of a pod that is admitted. */
export interface PodPlan {
  /** As its author meant it. */
  readonly pod: unknown;
  readonly wanted: Wanted;
  readonly hold: HoldVerdict;
  readonly placement: PodPlacement;
  /** Whether a controller made it, so that no person reads warnings. */
  readonly controlled: boolean;
  /** Things that its author should know, beside the hold. */
  readonly notes: readonly string[];
}

/** A plan, a refusal, or null: not touched at all. */
export type PodDecision =
  { readonly plan: PodPlan; readonly refusal: null } | { readonly plan: null; readonly refusal: Refusal } | null;

/** Decides what becomes of a new pod. Pure, but for the look-ups of the scene. */
export function decidePod(object: unknown, scene: Scene): PodDecision {
  if (isMirror(object)) return null;
  const { object: pod, since } = stripPod(object, scene.now);
  const candidate = podCandidate(pod, scene);
  const wanted = wantedBy(annotationsOf(pod), scene);
  const { intent } = wanted;
  const judged = judgeProblems(intent, candidate.controller);
  if (judged.refusal !== null) return { plan: null, refusal: judged.refusal };
  const permitted = permittedOrRefused(intent, scene);
  if (isRefusal(permitted)) return { plan: null, refusal: permitted };
  const outside = namedNodeOutside(pod, wanted, scene);
  if (outside !== null && scene.facts?.enforced === true) return { plan: null, refusal: outside };
  const hold = decideToHold({ candidate, intent, since, podSpec: at(pod, ['spec']), pausable: false }, scene);
  const placement = placePod({ pod, wanted, candidate, permitted, hold }, scene);
  const notes = [...judged.notes, ...unknownWords(annotationsOf(pod)), ...(outside === null ? [] : [outside.message])];
  return { plan: { pod, wanted, hold, placement, controlled: candidate.controller !== 'none', notes }, refusal: null };
}

/** The kubelet refuses such a pod too, by its required affinity, but only after it was bound. */
function namedNodeOutside(pod: unknown, { intent }: Wanted, scene: Scene): Refusal | null {
  const node = text(at(pod, ['spec', 'nodeName']));
  return node === null ? null : refusedNode(node, intent, scene);
}
