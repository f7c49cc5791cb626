import type { Instant, Region } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { runningProgress } from '../../timing/progress-marks.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { HoldDecision } from '../../timing/types.ts';
import { nextLook } from '../gatekeeper/decisions.ts';
import type { Decisions } from '../gatekeeper/decisions.ts';
import { isPause, nextLookAtRun } from '../gatekeeper/pause-terms.ts';

/** A decision with all that it was made from. */
export interface Judged {
  readonly situation: HoldSituation;
  readonly decision: HoldDecision;
  /** What the gatekeeper does for it: of work that runs, `wait` is to pause it. */
  readonly act: 'wait' | 'go';
  /** When the gatekeeper looks again; null: when something changes. */
  readonly nextLook: Instant | null;
}

/** A Job that runs and may be paused. */
export interface Run {
  readonly job: RunningJob;
  readonly started: Instant;
  /** Where, by its pods' nodes; null: not known. */
  readonly region: Region | null;
}

/** Has the gatekeeper's own code judge: what is held, or, where it runs, whether it is paused. */
export function judged(
  decisions: Decisions,
  work: HeldWork,
  { run, world }: { run: Run | null; world: World },
): Judged {
  if (run !== null) return judgedRun(decisions, run, world);
  const { situation, decision } = decisions.judge(work, world);
  const act = decision.action === 'wait' ? 'wait' : 'go';
  return { situation, decision, act, nextLook: nextLook(decision, world.now) };
}

function judgedRun(decisions: Decisions, { job, started, region }: Run, world: World): Judged {
  const progress = runningProgress(job, { started, now: world.now, region });
  const { situation, decision } = decisions.judgeRun(job, progress, world);
  const pauses = progress.region !== null && isPause(decision, job, world);
  return { situation, decision, act: pauses ? 'wait' : 'go', nextLook: nextLookAtRun(decision, started, world) };
}
