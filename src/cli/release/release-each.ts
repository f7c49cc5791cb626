import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAccess, Patience } from '../../kubernetes/api-get.ts';
import { isApiError, reasonOf } from '../../kubernetes/errors.ts';
import { createEvent } from '../../kubernetes/events.ts';
import { releaseWork } from '../../kubernetes/release-work.ts';
import type { ReleaseAnswer, ReleaseChange } from '../../kubernetes/release-work.ts';
import type { Clock } from '../../service/clock.ts';
import { releasedEvent } from '../../service/gatekeeper/event-words.ts';
import { isOutage } from '../../service/gatekeeper/outage.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { ReleaseReason } from '../../timing/reasons.ts';
import { planRelease } from './plan.ts';
import type { PlannedRelease, Rules } from './plan.ts';

/** What became of one piece of work. */
export interface Outcome {
  readonly work: Pick<HeldWork, 'kind' | 'namespace' | 'name'>;
  /** `planned`: it would have been released; `kept`: it is not overdue; `not-held`: somebody else let it go, or it is gone. */
  readonly outcome: 'released' | 'planned' | 'kept' | 'not-held' | 'failed';
  readonly reason: ReleaseReason | null;
  /** What went wrong; `null`: nothing. It may be released and yet have no Event. */
  readonly trouble: string | null;
}

interface ReleaseContext {
  readonly access: ApiAccess;
  readonly patience: Patience;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly dryRun: boolean;
  /** Told of each outcome as soon as there is one. */
  readonly tell: (outcome: Outcome) => void;
}

const CONCURRENCY = 16;
/** The service, where it runs, goes on trying; by hand a person sees what failed, and tries again. */
const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const STOPPING_MS = 5_000;
const STILL_STOPPING = 'it was paused, and its pods have not ended yet: resumed now it would run twice; try again';

/** Releases each piece of work, several at once. Never throws: what fails is an outcome. */
export async function releaseEach(works: readonly HeldWork[], context: ReleaseContext): Promise<void> {
  const rest = works.values();
  const worker = async (): Promise<void> => {
    for (const work of rest) context.tell(await outcomeOf(work, context));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function outcomeOf(work: HeldWork, context: ReleaseContext): Promise<Outcome> {
  const { rules, clock, dryRun } = context;
  try {
    const plan = planRelease(work, rules, clock.now());
    if (plan === null) return { work, outcome: 'kept', reason: null, trouble: null };
    const { reason } = plan.decision;
    if (dryRun) return { work, outcome: 'planned', reason, trouble: null };
    return await releaseOne(work, plan, context);
  } catch (error) {
    return { work, outcome: 'failed', reason: null, trouble: reasonOf(error) };
  }
}

async function releaseOne(work: HeldWork, first: PlannedRelease, context: ReleaseContext): Promise<Outcome> {
  const { access, patience, rules, clock } = context;
  let latest = first;
  const change = (now: HeldWork): ReleaseChange | null => {
    const plan = planRelease(now, rules, clock.now());
    latest = plan ?? latest;
    return plan?.change ?? null;
  };
  const done = await atRest(() => repeated(() => releaseWork(access, work, change, patience)), work);
  const { decision } = latest;
  if (done === 'stopping') return { work, outcome: 'failed', reason: null, trouble: STILL_STOPPING };
  if (done === 'kept') return { work, outcome: 'kept', reason: null, trouble: null };
  if (done !== 'released') return { work, outcome: 'not-held', reason: null, trouble: null };
  return { work, outcome: 'released', reason: decision.reason, trouble: await untold(work, decision, context) };
}

/** Tries again while pods of a paused Job end, which takes their grace period and a moment. */
async function atRest(attempt: () => Promise<ReleaseAnswer>, { grace }: HeldWork): Promise<ReleaseAnswer> {
  const end = performance.now() + grace + STOPPING_MS;
  for (;;) {
    const answer = await attempt();
    if (answer !== 'stopping' || performance.now() > end) return answer;
    await sleep(PAUSE_MS);
  }
}

/** Writes the Event; gives why it could not. */
async function untold(
  work: HeldWork,
  decision: PlannedRelease['decision'],
  { access, patience, clock }: ReleaseContext,
): Promise<string | null> {
  const event = { ...releasedEvent(work, decision, clock.now()), reportingInstance: 'lowtide release' };
  try {
    await repeated(() => createEvent(access, event, patience));
    return null;
  } catch (error) {
    return `no Event: ${reasonOf(error)}`;
  }
}

async function repeated<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!passes(error) || attempts === ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

function passes(error: unknown): boolean {
  return isOutage(error) || (isApiError(error) && error.code === 'server-error');
}
