import type { GramsPerKwh, Instant } from '../carbon/units.ts';
import type { HoldDecision } from './types.ts';

/** The annotation `lowtide.dev/decision`: reason, intensity, threshold, region and end, as compact JSON. */
export function decisionNote({ reason, intensity, threshold, region, until }: HoldDecision): string {
  return JSON.stringify({
    reason,
    intensity: rounded(intensity),
    threshold: rounded(threshold),
    region,
    until: rfc3339(until),
  });
}

/** A moment as Kubernetes writes it, to the whole second, e.g. `2026-03-02T12:00:00Z`. */
export function rfc3339(moment: Instant): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** To a tenth of a gram: what people compare. */
function rounded(intensity: GramsPerKwh | null): number | null {
  return intensity === null ? null : Math.round(intensity * 10) / 10;
}
