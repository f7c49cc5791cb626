import { workName } from '../timing/held-work.ts';
import type { HeldWork } from '../timing/held-work.ts';
import { answerError } from './api-call.ts';
import type { ApiAnswer } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { cleanPatch, notePatch, relabelPatch, releasePatch } from './held-patch.ts';
import type { ReleaseChange } from './held-patch.ts';
import { attemptPatch, onLatest, patchWork, readWork } from './latest-work.ts';
import type { Attempt, Ended } from './latest-work.ts';

export type { ReleaseChange } from './held-patch.ts';

/** How a release ended; `already-released`: somebody else had done it, and at most our label was left to take away. */
export type ReleaseOutcome = 'released' | 'already-released' | 'gone';

/** `kept`: it is not to go after all; `stopping`: it was paused, and pods of it have not ended yet. */
export type ReleaseAnswer = ReleaseOutcome | 'kept' | 'stopping';

/** Refused as it stands: by the API server's validation, or by somebody's admission policy. */
const REFUSED: readonly number[] = [400, 403, 422];

type Change = (work: HeldWork) => ReleaseChange | null;

/**
 * Lets one piece of work go, in one patch. `change` says what to write; it is asked again, with the object as it is
 * now, whenever that is not what was known, and null keeps the work. Where the placement cannot be written the work is
 * released without. Nothing but our own gate, suspension and label is taken away. A paused Job whose pods have not all
 * ended is never let go: it would run twice. Throws ApiErrors.
 */
export async function releaseWork(
  access: ApiAccess,
  work: HeldWork,
  change: Change,
  patience: Patience,
): Promise<ReleaseAnswer> {
  const outcome = await onLatest<ReleaseAnswer>(access, work, patience, (current) =>
    attemptRelease(access, current, change, patience),
  );
  return outcome === 'free' ? 'already-released' : outcome;
}

/** Puts our label back on an object that is still held; `free`: it is not any more. */
export async function restoreHeldLabel(
  access: ApiAccess,
  work: HeldWork,
  patience: Patience,
): Promise<'restored' | Ended> {
  return onLatest(access, work, patience, async (current) => {
    if (!current.held) return 'free';
    return attemptPatch(access, { work: current, patch: relabelPatch(current), done: 'restored' }, patience);
  });
}

/** Writes the latest decision onto an object that is still held; `free`: it is not any more. */
export async function noteDecision(
  access: ApiAccess,
  work: HeldWork,
  decision: string,
  patience: Patience,
): Promise<'noted' | Ended> {
  return onLatest(access, work, patience, async (current) => {
    if (!current.held) return 'free';
    return attemptPatch(access, { work: current, patch: notePatch(current, decision), done: 'noted' }, patience);
  });
}

async function attemptRelease(
  access: ApiAccess,
  work: HeldWork,
  change: Change,
  patience: Patience,
): Promise<Attempt<ReleaseAnswer>> {
  const wanted = change(work);
  if (!work.held) {
    return attemptPatch(access, { work, patch: cleanPatch(work, wanted), done: 'already-released' }, patience);
  }
  if (wanted === null) return 'kept';
  if (!work.stopped) return atRestByNow(access, work, patience);
  const answer = await patchWork(access, work, releasePatch(work, wanted), patience);
  if (REFUSED.includes(answer.status)) return afterRefusal(access, { work, change, answer }, patience);
  return outcomeOf(answer, work);
}

/** What is known of it may be old. */
async function atRestByNow(access: ApiAccess, work: HeldWork, patience: Patience): Promise<Attempt<'stopping'>> {
  const now = await readWork(access, work, patience);
  if (typeof now === 'string') return now;
  return now.held && !now.stopped ? 'stopping' : 'stale';
}

/** A refused patch: it may be another object, or somebody was faster; else the placement was at fault. */
async function afterRefusal(
  access: ApiAccess,
  refused: { readonly work: HeldWork; readonly change: Change; readonly answer: ApiAnswer },
  patience: Patience,
): Promise<Attempt<ReleaseAnswer>> {
  const now = await readWork(access, refused.work, patience);
  if (typeof now === 'string') return now;
  if (!now.held || !now.stopped) return 'stale';
  const wanted = refused.change(now);
  if (wanted === null) return 'kept';
  const why = answerError(`place ${workName(now)}`, refused.answer);
  if (wanted.affinity === null) throw why;
  const bare = { ...wanted, affinity: null, pinned: false };
  const outcome = outcomeOf(await patchWork(access, now, releasePatch(now, bare), patience), now);
  if (outcome === 'released') wanted.onUnplaced?.(why.message);
  return outcome;
}

function outcomeOf(answer: ApiAnswer, work: HeldWork): Attempt<'released'> {
  if (answer.status === 200) return 'released';
  if (answer.status === 404) return 'gone';
  if (answer.status === 409) return 'stale';
  throw answerError(`release ${workName(work)}`, answer);
}
