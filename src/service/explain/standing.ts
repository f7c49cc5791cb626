import type { Millis } from '../../carbon/units.ts';
import { jobStatus } from '../../kubernetes/job-status.ts';
import { isHeldByUs } from '../../kubernetes/latest-work.ts';
import { member } from '../../kubernetes/untyped.ts';
import { RELEASED_AT, UNPINNING } from '../../policy/annotations.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { holdable } from '../../timing/holdable.ts';
import { pausesOf } from '../../timing/progress-marks.ts';
import type { WorkKind } from '../../timing/types.ts';
import { jobCandidate, podCandidate } from '../admission/candidate.ts';
import type { Surroundings } from '../admission/candidate.ts';
import { notedDecision } from '../gatekeeper/marks.ts';
import type { Standing } from './types.ts';

/** An object as it is now, with what it wants and what is around it. */
export interface Looked {
  readonly object: unknown;
  readonly work: HeldWork;
  readonly intent: Intent;
  readonly surroundings: Surroundings;
  readonly startupAllowance: Millis;
}

/** How an object stands, and the reason that is known without deciding anything; null: that which is decided. */
export interface Stand {
  readonly standing: Standing;
  readonly noted: string | null;
}

/** What is known of an object before anything is decided about it. */
export function standOf(looked: Looked): Stand {
  const { object, work } = looked;
  const life = lifeOf(object, work.kind);
  if (life === 'finished' || life === 'failed') return { standing: 'finished', noted: life };
  return isHeldByUs(work) ? heldStand(work) : freeStand(looked, life);
}

/** How work stands that Lowtide holds. */
export function heldStand({ annotations }: HeldWork): Stand {
  return { standing: pausesOf(annotations) > 0 ? 'paused' : 'held', noted: null };
}

function freeStand(looked: Looked, life: Life): Stand {
  const { work } = looked;
  const { [RELEASED_AT]: released, [UNPINNING]: unpinning } = work.annotations;
  if (work.held && unpinning === undefined) return { standing: 'not-ours', noted: 'suspended-by-owner' };
  if (released !== undefined) {
    return { standing: life === 'running' ? 'running' : 'released', noted: notedDecision(work)?.reason ?? null };
  }
  return leftAlone(looked);
}

type Life = 'waiting' | 'running' | 'finished' | 'failed';

const PHASES: Readonly<Record<string, Life>> = { Running: 'running', Succeeded: 'finished', Failed: 'failed' };

function lifeOf(object: unknown, kind: WorkKind): Life {
  if (kind === 'pod') return PHASES[String(member(member(object, 'status'), 'phase'))] ?? 'waiting';
  const { finished, active } = jobStatus(object);
  if (finished !== null) return finished === 'Complete' ? 'finished' : 'failed';
  return active > 0 ? 'running' : 'waiting';
}

/** Asked as admission asks it, of the moment at which the object was created. */
function leftAlone({ object, work, intent, surroundings, startupAllowance }: Looked): Stand {
  const { kind, created } = work;
  const then = { ...surroundings, now: created };
  const candidate =
    kind === 'job' ? jobCandidate(object, false, then) : { ...podCandidate(object, then), assigned: false };
  const moment = { now: created, created, startupAllowance };
  const verdict = holdable(candidate, intent, moment);
  if (!verdict.holdable) return { standing: 'not-ours', noted: verdict.reason };
  return { standing: 'running', noted: 'not-held-at-creation' };
}
