import { millis } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { formatDuration } from '../../policy/duration.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import type { HeldWork } from '../../timing/held-work.ts';
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

/** The forecast moved the moment at which it is expected to go. */
export function replannedEvent(work: HeldWork, decision: Waiting, now: Instant): GatekeeperEvent {
  const { expected, until, reason } = decision;
  const note = `release expected at ${rfc3339(expected)}, at the latest at ${rfc3339(until)}: ${explained(decision)}`;
  return { work, action: 'Replanned', reason, note, type: 'Normal', at: now, occasion: rfc3339(expected) };
}

/** It was let go: why, where it is best run, and how long it waited. */
export function releasedEvent(work: HeldWork, noted: NotedDecision, at: Instant): GatekeeperEvent {
  const waited = formatDuration(millis(Math.max(0, Math.round((at - work.created) / 1000) * 1000)));
  const note = `released after ${waited}: ${explained(noted)}`;
  return { work, action: 'Released', reason: noted.reason, note, type: 'Normal', at };
}

/** Somebody else let it go. */
export function elsewhereEvent(work: HeldWork, now: Instant): GatekeeperEvent {
  const note = 'somebody else resumed it or removed the gate lowtide.dev/carbon before its time';
  return { work, action: 'ReleasedElsewhere', reason: 'released-elsewhere', note, type: 'Warning', at: now };
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
