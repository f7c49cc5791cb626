import { usableReading } from '../../carbon/reading.ts';
import type { KnownReading, Reading, Signal } from '../../carbon/types.ts';
import type { Instant, Zone } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { Metrics } from './metrics.ts';

const HOUR_MS = 3_600_000;
/** How far ahead forecasts are shown. */
const LEADS = { '1h': HOUR_MS, '6h': 6 * HOUR_MS, '24h': 24 * HOUR_MS } as const;

/** Shows the Signal as gauges: every zone of the policy's regions, each with a value or with the reason why not. */
export function recordSignal(metrics: Metrics, signal: Signal, policy: Policy): void {
  metrics.signalGeneration.set(signal.generation);
  metrics.signalRanksBy.reset();
  metrics.signalRanksBy.set({ ...signal.ranksBy }, 1);
  const { intensity, intensityQuality, renewable, zoneConstant, signalUnknown } = metrics;
  for (const gauge of [intensity, intensityQuality, renewable, zoneConstant, signalUnknown]) gauge.reset();
  for (const [zone, reading] of readings(signal, policy)) {
    if (reading.state === 'unknown') metrics.signalUnknown.set({ zone, reason: reading.reason }, 1);
    else recordReading(metrics, zone, reading);
  }
}

function recordReading(metrics: Metrics, zone: Zone, reading: KnownReading): void {
  const { kind, source, quality, renewablePct, constant } = reading;
  metrics.intensity.set({ zone, kind, source }, reading.value);
  metrics.intensityQuality.set({ zone, quality }, 1);
  if (renewablePct !== null) metrics.renewable.set({ zone }, renewablePct);
  if (constant === true) metrics.zoneConstant.set({ zone }, 1);
}

/** Shows what moves on though the Signal stays: ages, and forecasts so long ahead. Made when somebody asks. */
export function recordPassing(
  metrics: Metrics,
  signal: Signal,
  { policy, now }: { policy: Policy; now: Instant },
): void {
  metrics.intensityAge.reset();
  metrics.forecast.reset();
  for (const [zone, reading] of readings(signal, policy)) {
    if (reading.state === 'unknown') continue;
    metrics.intensityAge.set({ zone }, Math.max(0, now - reading.observedAt) / 1000);
    for (const [lead, ahead] of Object.entries(LEADS)) {
      const step = reading.forecast.find(({ start, end }) => start <= now + ahead && now + ahead < end);
      if (step !== undefined) metrics.forecast.set({ zone, lead, by: reading.forecastBy ?? 'trace' }, step.value);
    }
  }
}

/** A line for each zone that decisions must do without, and for what they can only partly rely on. */
export function signalDegraded(signal: Signal, policy: Policy): readonly string[] {
  const { kind, factor } = signal.ranksBy;
  const { signal: wanted, emissionFactor } = policy.scheduler;
  const switched =
    kind === wanted && factor === emissionFactor
      ? []
      : [`no zone has ${wanted} ${emissionFactor} intensity: all are ranked by ${kind} ${factor}`];
  const zones = readings(signal, policy).flatMap(([zone, reading]) => {
    if (reading.state === 'unknown') return [`no intensity for zone ${zone}: ${reading.reason}`];
    return isKept(reading, signal.at) ? [`intensity for zone ${zone} is kept: nothing newer is to be had`] : [];
  });
  return [...switched, ...zones];
}

function isKept({ freshUntil }: KnownReading, now: Instant): boolean {
  return freshUntil !== null && now >= freshUntil;
}

function readings(signal: Signal, policy: Policy): readonly (readonly [Zone, Reading])[] {
  const zones = new Set(Array.from(policy.regions.values(), (facts) => facts.zone));
  return Array.from(zones, (zone) => [zone, usableReading(signal, zone, signal.at)]);
}
