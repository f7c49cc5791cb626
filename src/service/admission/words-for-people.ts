import type { Instant } from '../../carbon/units.ts';
import { MAX_DELAY } from '../../policy/annotations.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import { NOT_HELD_REASONS, RELEASE_REASONS, WAIT_REASONS } from '../../timing/reasons.ts';
import type { NotHeldReason, ReleaseReason } from '../../timing/reasons.ts';
import type { ClampCause, HoldEvidence, WorkKind } from '../../timing/types.ts';
import { clampedEnd } from './hold.ts';
import type { Held, HoldVerdict, NotHeld } from './hold.ts';
import type { Wanted } from './scene.ts';

/** What was decided, of which people are told. */
export interface Told {
  readonly kind: WorkKind;
  readonly wanted: Wanted;
  readonly hold: HoldVerdict;
  readonly controlled: boolean;
  readonly notes: readonly string[];
}

/** Warnings for whoever sent the object: the hold first, in a sentence each. */
export function warningsOf({ kind, wanted, hold, controlled, notes }: Told): readonly string[] {
  const aboutHold = hold.held ? heldWarnings(kind, hold) : notHeldWarnings(wanted, hold, controlled);
  return [...aboutHold, ...notes];
}

function heldWarnings(kind: WorkKind, hold: Held): readonly string[] {
  const { decision } = hold;
  const until = rfc3339(decision.until);
  const held = `Lowtide holds this ${kind} until ${until} at the latest: ${WAIT_REASONS[decision.reason]}${numbers(decision)} (${decision.reason})`;
  const end = clampedEnd(hold);
  const clamped = end === null || hold.clamp === null ? [] : [clampedWarning(hold.clamp.cause, end)];
  return [held, ...clamped, ...(kind === 'pod' ? ['a held pod counts against ResourceQuota'] : [])];
}

const CLAMPED_BY: Readonly<Record<ClampCause, string>> = {
  'next-schedule': 'its CronJob runs again then, less the expected duration',
  'active-deadline': 'activeDeadlineSeconds leaves no more',
  'progress-deadline': "its Deployment's progressDeadlineSeconds leaves no more",
  'job-template': "its Job's activeDeadlineSeconds leaves no more",
};

function clampedWarning(cause: ClampCause, end: Instant): string {
  return `the hold ends by ${rfc3339(end)}, before its maximum delay: ${CLAMPED_BY[cause]} (${cause})`;
}

/** Only who asked to be held, and is a person rather than a controller, wonders why it is not. */
function notHeldWarnings({ intent }: Wanted, { reason, decision }: NotHeld, controlled: boolean): readonly string[] {
  const asked = intent.optedIn && !controlled && reason !== 'hold-opted-out';
  // A class without delay, `urgent`, is the very wish to run at once.
  if (!asked || (reason === 'no-delay-allowed' && intent.effective[MAX_DELAY] === undefined)) return [];
  return [`Lowtide does not hold it: ${meaning(reason)}${decision === null ? '' : numbers(decision)} (${reason})`];
}

/** What a reason means, in a clause. */
function meaning(reason: NotHeldReason | ReleaseReason): string {
  return reason in NOT_HELD_REASONS
    ? NOT_HELD_REASONS[reason as NotHeldReason]
    : RELEASE_REASONS[reason as ReleaseReason];
}

function numbers({ region, intensity, threshold }: HoldEvidence): string {
  if (region === null || intensity === null) return '';
  const than = threshold === null ? '' : `, threshold ${rounded(threshold)}`;
  return `; best is ${region} at ${rounded(intensity)} gCO2eq/kWh${than}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
