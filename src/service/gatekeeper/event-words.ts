import { millis } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { formatDuration } from '../../policy/duration.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { heldFrom, heldProgress, pausesOf } from '../../timing/progress-marks.ts';
import { RELEASE_REASONS, WAIT_REASONS } from '../../timing/reasons.ts';
import type { HoldDecision } from '../../timing/types.ts';
import type { NotedDecision } from './marks.ts';
import type { GatekeeperEvent } from './ports.ts';

type Waiting = Extract<HoldDecision, { readonly action: 'wait' }>;
const MEANINGS: Readonly<Record<string, string>> = { ...WAIT_REASONS, ...RELEASE_REASONS };

/** Why it waits, and until when at the latest. */
export function heldEvent(work: HeldWork, noted: NotedDecision, until: Instant): GatekeeperEvent {
  const note = `held until ${rfc3339(until)} at the latest: ${explained(noted)}`;
  return { work, action: 'Held', reason: noted.reason, note, type: 'Normal', at: work.created };
}

/** It ran, and waits for a cleaner hour: where it ran, and when it is expected to go on. */
export function pausedEvent(work: HeldWork, noted: NotedDecision, decision: HoldDecision): GatekeeperEvent {
  const { since, ran, region } = heldProgress(work);
  const where = region === null ? '' : ` in ${region}`;
  const expected = decision.action === 'wait' ? decision.expected : decision.until;
  const note = [
    `paused${where} after running for ${wholeSeconds(ran)}`,
    `resumed at ${rfc3339(expected)} as it looks now, at ${rfc3339(decision.until)} at the latest`,
    explained(noted),
  ].join('; ');
  return { work, action: 'Paused', reason: noted.reason, note, type: 'Normal', at: since, ...occasionOf(work) };
}

/** The forecast moved the moment at which it is expected to go. */
export function replannedEvent(work: HeldWork, decision: Waiting, now: Instant): GatekeeperEvent {
  const { expected, until, reason } = decision;
  const note = `release expected at ${rfc3339(expected)}, at the latest at ${rfc3339(until)}: ${explained(decision)}`;
  return { work, action: 'Replanned', reason, note, type: 'Normal', at: now, occasion: rfc3339(expected) };
}

/** It was let go: why, where it is best run, and how long it waited. */
export function releasedEvent(work: HeldWork, noted: NotedDecision, at: Instant): GatekeeperEvent {
  const note = `released after ${wholeSeconds(at - heldFrom(work))}: ${explained(noted)}`;
  return { work, action: 'Released', reason: noted.reason, note, type: 'Normal', at, ...occasionOf(work) };
}

/** Somebody else let it go. */
export function elsewhereEvent(work: HeldWork, now: Instant): GatekeeperEvent {
  const note = 'somebody else resumed it or removed the gate lowtide.dev/carbon before its time';
  return {
    work,
    action: 'ReleasedElsewhere',
    reason: 'released-elsewhere',
    note,
    type: 'Warning',
    at: now,
    ...occasionOf(work),
  };
}

/** Each pause, and each resumption, is an Event of its own. */
function occasionOf({ annotations }: HeldWork): { readonly occasion?: string } {
  const pauses = pausesOf(annotations);
  return pauses === 0 ? {} : { occasion: `pause ${pauses}` };
}

function wholeSeconds(ms: number): string {
  return formatDuration(millis(Math.max(0, Math.round(ms / 1000) * 1000)));
}

function explained({ reason, region, intensity, threshold }: NotedDecision): string {
  const at = intensity === null ? 'of unknown intensity' : `at ${shown(intensity)}`;
  const best = region === null ? null : `${region} is ${at}`;
  const limit = threshold === null ? null : `the threshold is ${shown(threshold)}`;
  const evidence = [best, limit].filter((part) => part !== null).join(', ');
  const meaning = MEANINGS[reason] ?? reason;
  return evidence === '' ? meaning : `${meaning} (${evidence})`;
}

function shown(intensity: number): string {
  return `${Math.round(intensity * 10) / 10} gCO2eq/kWh`;
}
