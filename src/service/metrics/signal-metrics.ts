import { usableReading } from '../../carbon/reading.ts';
import type { Signal } from '../../carbon/types.ts';
import type { Policy } from '../../policy/types.ts';
import type { Metrics } from './metrics.ts';

/** Shows the Signal as gauges: every zone of the policy's regions, each with a value or with the reason why not. */
export function recordSignal(metrics: Metrics, signal: Signal, policy: Policy): void {
  const { signal: kind, emissionFactor: factor } = policy.scheduler;
  metrics.signalGeneration.set(signal.generation);
  metrics.intensity.reset();
  metrics.signalUnknown.reset();
  for (const zone of new Set(Array.from(policy.regions.values(), (facts) => facts.zone))) {
    const reading = usableReading(signal, zone, { kind, factor }, signal.at);
    if (reading.state === 'known') metrics.intensity.set({ zone, kind, source: reading.source }, reading.value);
    else metrics.signalUnknown.set({ zone, reason: reading.reason }, 1);
  }
}
