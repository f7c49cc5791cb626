import { usableReading } from '../../carbon/reading.ts';
import type { Reading, Signal } from '../../carbon/types.ts';
import type { Zone } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { Metrics } from './metrics.ts';

/** Shows the Signal as gauges: every zone of the policy's regions, each with a value or with the reason why not. */
export function recordSignal(metrics: Metrics, signal: Signal, policy: Policy): void {
  metrics.signalGeneration.set(signal.generation);
  metrics.intensity.reset();
  metrics.signalUnknown.reset();
  for (const [zone, reading] of readings(signal, policy)) {
    if (reading.state === 'unknown') metrics.signalUnknown.set({ zone, reason: reading.reason }, 1);
    else metrics.intensity.set({ zone, kind: reading.kind, source: reading.source }, reading.value);
  }
}

/** A line for each zone that decisions must do without. */
export function zonesWithoutValue(signal: Signal, policy: Policy): readonly string[] {
  return readings(signal, policy).flatMap(([zone, reading]) =>
    reading.state === 'unknown' ? [`no intensity for zone ${zone}: ${reading.reason}`] : [],
  );
}

function readings(signal: Signal, policy: Policy): readonly (readonly [Zone, Reading])[] {
  const zones = new Set(Array.from(policy.regions.values(), (facts) => facts.zone));
  return Array.from(zones, (zone) => [zone, usableReading(signal, zone, signal.at)]);
}
