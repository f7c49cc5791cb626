import { millis } from '../../carbon/units.ts';
import { pauseCandidate } from '../../kubernetes/pause-candidate.ts';
import { HOLD, INTERRUPTIBLE } from '../../policy/annotations.ts';
import { formatDuration } from '../../policy/duration.ts';
import { notPausable } from '../../timing/pausable.ts';
import { NOT_PAUSED_REASONS } from '../../timing/reasons.ts';
import type { NotPausedReason } from '../../timing/reasons.ts';
import type { Controller } from '../../timing/types.ts';
import type { Refusal } from './answer.ts';
import { controllerOf, jobCandidate, seconds } from './candidate.ts';
import { at } from './edit.ts';
import { decideToHold } from './hold.ts';
import type { HoldVerdict } from './hold.ts';
import { isRefusal, judgeProblems, permittedOrRefused } from './refusals.ts';
import { wantedBy } from './scene.ts';
import type { Scene, Wanted } from './scene.ts';
import { stripJob } from './strip.ts';
import { contradictedWords, copiedWords, jobWords } from './template-words.ts';
import type { JobWords } from './template-words.ts';
import { unknownWords } from './unknown-words.ts';

/** What becomes of a Job that is admitted. */
export interface JobPlan {
  /** As its author meant it. */
  readonly job: unknown;
  readonly wanted: Wanted;
  readonly hold: HoldVerdict;
  readonly suspendedByOwner: boolean;
  /** Whether it may be paused once it runs. */
  readonly pausable: boolean;
  /** Annotations for the pod template. */
  readonly copied: Readonly<Record<string, string>>;
  /** `lowtide.dev/hold-limit` of the pod template; null: none. */
  readonly templateLimit: string | null;
  /** Whether a controller made it, so that no person reads warnings. */
  readonly controlled: boolean;
  /** Things that its author should know, beside the hold. */
  readonly notes: readonly string[];
}

/** A plan or a refusal. */
export type JobDecision =
  { readonly plan: JobPlan; readonly refusal: null } | { readonly plan: null; readonly refusal: Refusal };

/** Decides what becomes of a new Job. Pure, but for the look-ups of the scene. */
export function decideJob(object: unknown, scene: Scene): JobDecision {
  const { object: job, since, suspendedByOwner } = stripJob(object, scene.now);
  const words = jobWords(job);
  const wanted = wantedBy(words.both, scene);
  const { intent } = wanted;
  const candidate = jobCandidate(job, suspendedByOwner, scene);
  const judged = judgeProblems(intent, candidate.controller);
  if (judged.refusal !== null) return { plan: null, refusal: judged.refusal };
  const permitted = permittedOrRefused(intent, scene);
  if (isRefusal(permitted)) return { plan: null, refusal: permitted };
  const unpausable = notPausable(pauseCandidate(job, { ...words.both, ...wanted.missing }));
  const podSpec = at(job, ['spec', 'template', 'spec']);
  const hold = decideToHold({ candidate, intent, since, podSpec, pausable: unpausable === null }, scene);
  const plan: JobPlan = {
    job,
    wanted,
    hold,
    suspendedByOwner,
    // Only what could be held may be paused: whatever forbids the one forbids the other.
    pausable: unpausable === null && (hold.held || hold.decision !== null),
    copied: copiedWords(words, { ...words.both, ...wanted.missing }),
    templateLimit: templateLimit(job, words, wanted),
    controlled: candidate.controller !== 'none',
    notes: [
      ...judged.notes,
      ...unknownWords(words.both),
      ...contradictedWords(words).map(contradicted),
      ...(intent.hold.interruptible && unpausable !== null ? [neverPaused(unpausable)] : []),
    ],
  };
  return { plan, refusal: null };
}

/** Lowtide suspends Jobs of these; others would resume what they find suspended. */
const DECIDED_AS_JOBS: readonly Controller[] = ['none', 'cron-job'];

/**
 * Pods that ask to be held themselves learn from their template that their Job was decided already, or how much of the
 * Job's own clock, which runs while they wait, their work leaves. How long that takes unknown, they are not held.
 */
function templateLimit(job: unknown, { template, both }: JobWords, { intent }: Wanted): string | null {
  if ((template[HOLD] ?? both[HOLD]) !== 'true') return null;
  if (DECIDED_AS_JOBS.includes(controllerOf(job).controller)) return '0s';
  const deadline = seconds(at(job, ['spec', 'activeDeadlineSeconds']));
  if (deadline === null) return null;
  const { expectedDuration } = intent.hold;
  return expectedDuration === null ? '0s' : formatDuration(millis(Math.max(0, deadline - expectedDuration)));
}

function neverPaused(reason: NotPausedReason): string {
  return `${INTERRUPTIBLE} has no effect, it is never paused: ${NOT_PAUSED_REASONS[reason]} (${reason})`;
}

function contradicted(name: string): string {
  return `${name} of the Job differs from its pod template's; the Job's is written over it, and applying this manifest again will be refused once the Job has started: say it once`;
}
