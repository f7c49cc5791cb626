import { HELD_LABEL, HELD_SINCE, RELEASED_AT } from '../policy/annotations.ts';
import { workName } from '../timing/held-work.ts';
import type { HeldWork } from '../timing/held-work.ts';
import { answerError, apiCall, STRATEGIC_MERGE_PATCH } from './api-call.ts';
import type { ApiAnswer } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { heldWork } from './held-work.ts';
import { member, metadataText } from './untyped.ts';
import { workPath } from './work-path.ts';
import type { WorkRef } from './work-path.ts';

/** `gone`: deleted, or another object has its name; `free`: it is there, and no longer ours to let go. */
export type Ended = 'gone' | 'free';

/** What one attempt came to; `stale`: the object is no longer what it was when it was read. */
export type Attempt<Outcome extends string> = Outcome | 'stale' | Ended;

/** Somebody who writes one object so often has a bug; the caller comes back later. */
const ATTEMPTS = 6;

/** Reads one object again. */
export async function readWork(access: ApiAccess, work: WorkRef, patience: Patience): Promise<HeldWork | Ended> {
  const found = await findWork(access, work, patience);
  if (found === null) return 'gone';
  return found.work.held || found.marked ? found.work : 'free';
}

/** What one object is now; `marked`: it carries a label of ours, held or not. */
export interface FoundWork {
  /** As held only where it is by us. */
  readonly work: HeldWork;
  readonly marked: boolean;
}

/** Looks one object up, whatever became of it; null: deleted, or another object has its name. */
export async function findWork(access: ApiAccess, work: WorkRef, patience: Patience): Promise<FoundWork | null> {
  const answer = await apiCall(access, { method: 'GET', path: workPath(work), patience });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(`read ${workName(work)}`, answer);
  const now = metadataText(answer.body, 'uid') === work.uid ? heldWork(answer.body, work.kind) : null;
  if (now === null) return null;
  const marked = now.pinned || hasHeldLabel(answer.body);
  return { work: { ...now, held: now.held && (marked || isHeldByUs(now)) }, marked };
}

/** Whether the object carries the label of held work. */
export function hasHeldLabel(object: unknown): boolean {
  return member(member(member(object, 'metadata'), 'labels'), HELD_LABEL) === 'true';
}

/**
 * Whether it is held, and by us, whatever its labels say: a gate of our name, or a suspension that our annotations tell
 * of. A Job that was released and suspended since is somebody else's.
 */
export function isHeldByUs({ kind, held, annotations }: HeldWork): boolean {
  if (!held || kind === 'pod') return held;
  return HELD_SINCE in annotations && !(RELEASED_AT in annotations);
}

/** Sends a strategic merge patch to one object. */
export async function patchWork(
  access: ApiAccess,
  work: WorkRef,
  body: unknown,
  patience: Patience,
): Promise<ApiAnswer> {
  const path = workPath(work);
  return apiCall(access, { method: 'PATCH', path, body, contentType: STRATEGIC_MERGE_PATCH, unread: true, patience });
}

/**
 * Attempts a change, first on what is known of the object, then as often as it turns out to be out of date on what it
 * has become. Throws `conflict` where it never holds still.
 */
export async function onLatest<Outcome extends string>(
  access: ApiAccess,
  work: HeldWork,
  patience: Patience,
  attempt: (current: HeldWork) => Promise<Attempt<Outcome>>,
): Promise<Outcome | Ended> {
  let current = work;
  for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
    const outcome = await attempt(current);
    if (outcome !== 'stale') return outcome;
    const now = await readWork(access, current, patience);
    if (typeof now === 'string') return now;
    current = now;
  }
  throw new KubernetesError('conflict', `${workName(work)} changed ${ATTEMPTS} times while it was being written`);
}

/** Sends a patch that can be out of date, but not wrong: 422 then means another uid, which a second look tells. */
export async function attemptPatch<Outcome extends string>(
  access: ApiAccess,
  { work, patch, done }: { readonly work: HeldWork; readonly patch: unknown; readonly done: Outcome },
  patience: Patience,
): Promise<Attempt<Outcome>> {
  const answer = await patchWork(access, work, patch, patience);
  if (answer.status === 200) return done;
  if (answer.status === 404) return 'gone';
  if (answer.status === 409 || answer.status === 422) return 'stale';
  throw answerError(`patch ${workName(work)}`, answer);
}
