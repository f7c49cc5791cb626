import type { NodeAffinity } from '../placement/types.ts';
import { workName } from '../timing/held-work.ts';
import type { HeldWork } from '../timing/held-work.ts';
import { answerError, apiCall } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { suspendPatch, unpinPatch } from './held-patch.ts';
import { isAtRest, jobStatus } from './job-status.ts';
import { attemptPatch, onLatest, patchWork } from './latest-work.ts';
import type { Attempt, Ended } from './latest-work.ts';
import { member, metadataText, text } from './untyped.ts';
import { workPath } from './work-path.ts';
import type { WorkRef } from './work-path.ts';

/** Since this minor of 1.x a Job that has run may get another template while it is suspended (a beta gate, on). */
const REPIN_SINCE = 36;

/** What unpinning writes: the note, and the complete affinity without the pinned region. */
export interface UnpinChange {
  readonly decision: string;
  readonly affinity: NodeAffinity;
}

/**
 * Whether the cluster lets the template of a Job be changed that has run already. Only the version is asked: the gate
 * behind it cannot be tried without a Job that is suspended. Where it is switched off, `unpinWork` answers `resumed`.
 */
export async function supportsRepin(access: ApiAccess, patience: Patience): Promise<boolean> {
  const answer = await apiCall(access, { method: 'GET', path: '/version', patience });
  if (answer.status !== 200) throw answerError('read the version', answer);
  const [major, minor] = ['major', 'minor'].map((part) => Number.parseInt(text(member(answer.body, part)) ?? '', 10));
  if (major === undefined || minor === undefined) return false;
  return major > 1 || (major === 1 && minor >= REPIN_SINCE);
}

/** Suspends a pinned Job whose pods find no node; its pods go, its clock stands still. */
export async function suspendAgain(
  access: ApiAccess,
  work: HeldWork,
  patience: Patience,
): Promise<'suspended' | Ended> {
  return onLatest(access, work, patience, async (current) => {
    if (!current.pinned) return 'free';
    return attemptPatch(access, { work: current, patch: suspendPatch(current), done: 'suspended' }, patience);
  });
}

/**
 * Whether a suspended Job has come to rest: the API server takes a new template only when its condition says so and no
 * pod is active, and a pod that is still terminating would run beside its successor.
 */
export async function hasStopped(access: ApiAccess, work: WorkRef, patience: Patience): Promise<boolean | 'gone'> {
  const answer = await apiCall(access, { method: 'GET', path: workPath(work), patience });
  if (answer.status === 404) return 'gone';
  if (answer.status !== 200) throw answerError(`read ${workName(work)}`, answer);
  if (metadataText(answer.body, 'uid') !== work.uid) return 'gone';
  return isAtRest(jobStatus(answer.body));
}

/**
 * Resumes a suspended pinned Job without its pin, in one patch. `resumed`: the API server does not take the template,
 * so it runs as it was; either way it is no longer marked as pinned, and this is not tried again.
 */
export async function unpinWork(
  access: ApiAccess,
  work: HeldWork,
  change: (work: HeldWork) => UnpinChange,
  patience: Patience,
): Promise<'unpinned' | 'resumed' | Ended> {
  return onLatest(access, work, patience, async (current): Promise<Attempt<'unpinned' | 'resumed'>> => {
    if (!current.pinned) return 'free';
    const { decision, affinity } = change(current);
    const answer = await patchWork(access, current, unpinPatch(current, decision, affinity), patience);
    if (answer.status === 200) return 'unpinned';
    if (answer.status === 404) return 'gone';
    if (answer.status === 409) return 'stale';
    if (![400, 403, 422].includes(answer.status)) throw answerError(`unpin ${workName(work)}`, answer);
    const asItIs = unpinPatch(current, decision, null);
    return attemptPatch(access, { work: current, patch: asItIs, done: 'resumed' }, patience);
  });
}
