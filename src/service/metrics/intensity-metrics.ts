import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What is shown of the Signal. */
export interface IntensityMetrics {
  readonly signalGeneration: Gauge;
  readonly signalRanksBy: Gauge<'kind' | 'factor'>;
  readonly intensity: Gauge<'zone' | 'kind' | 'source'>;
  readonly intensityAge: Gauge<'zone'>;
  readonly intensityQuality: Gauge<'zone' | 'quality'>;
  readonly renewable: Gauge<'zone'>;
  readonly forecast: Gauge<'zone' | 'lead' | 'by'>;
  readonly zoneConstant: Gauge<'zone'>;
  readonly signalUnknown: Gauge<'zone' | 'reason'>;
}

/** Makes the Signal's metrics in the given registries. */
export function createIntensityMetrics(registers: Registry[]): IntensityMetrics {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers });
  return {
    signalGeneration: gauge('lowtide_signal_generation', 'Number of the carbon signal in force', []),
    signalRanksBy: gauge('lowtide_signal_ranks_by', '1 for the kind and factor that all zones are ranked by', [
      'kind',
      'factor',
    ]),
    intensity: gauge('lowtide_intensity_grams_per_kwh', 'Carbon intensity in force, gCO2eq/kWh', [
      'zone',
      'kind',
      'source',
    ]),
    intensityAge: gauge('lowtide_intensity_age_seconds', 'How long ago the moment lies that the value was given for', [
      'zone',
    ]),
    intensityQuality: gauge('lowtide_intensity_quality', '1 for how the value in force came to be', [
      'zone',
      'quality',
    ]),
    renewable: gauge('lowtide_renewable_percent', 'Share of renewable generation, where the source gives it', ['zone']),
    forecast: gauge('lowtide_forecast_grams_per_kwh', 'Forecast in force, gCO2eq/kWh, so long ahead, by who made it', [
      'zone',
      'lead',
      'by',
    ]),
    zoneConstant: gauge('lowtide_zone_constant', '1 for each zone whose values never vary: waiting gains nothing', [
      'zone',
    ]),
    signalUnknown: gauge(
      'lowtide_signal_unknown',
      "1 for each zone of the policy's regions without a usable value, by reason",
      ['zone', 'reason'],
    ),
  };
}
