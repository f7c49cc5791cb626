import { z } from 'zod';
import type { ObservedStep } from '../../carbon/report.ts';
import { instant } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { timeField } from '../http/fields.ts';
import { inOrder, plausible } from '../plausible.ts';

/** Grams per kWh in a pound per MWh. */
export const GRAMS_PER_POUND = 0.45359237;

/** What is asked for: marginal or average operating emissions. */
export type WattTimeSignal = 'co2_moer' | 'co2_aoer';

const Meta = z.object({
  region: z.string(),
  signal_type: z.string(),
  units: z.string(),
  data_point_period_seconds: z.number().positive().max(86_400),
  model: z.object({ date: z.string() }).optional(),
});
const Point = z.object({
  point_time: timeField,
  value: z.number().nullable(),
  imputed_data_used: z.boolean().optional(),
});

/** `/v3/forecast` and `/v3/historical`. */
export const Data = z.object({ data: z.array(Point), meta: Meta });
/** `/v3/signal-index`. */
export const Index = z.object({
  data: z.array(z.object({ point_time: timeField, value: z.number().min(0).max(100).nullable() })),
  meta: z.object({ region: z.string(), signal_type: z.string(), units: z.literal('percentile') }),
});
/** The body of a refusal by scope, in contrast to one by token. */
export const ScopeError = z.object({ message: z.string().regex(/scope|access/i) });

/** What was asked for, which the answer must be about. */
export interface Asked {
  readonly region: string;
  readonly signal: WattTimeSignal;
}

/**
 * Values in gCO2/kWh, ascending; null is left out.
 * @throws ProviderFailure `wrong-zone`; `malformed` for another signal or unit; `implausible`; `no-data`: none is left
 */
export function stepsOf({ data, meta }: z.infer<typeof Data>, asked: Asked): readonly ObservedStep[] {
  sameSubject(meta, asked);
  if (meta.units !== 'lbs_co2_per_mwh')
    throw new ProviderFailure('malformed', `values in ${meta.units.slice(0, 40)}, not in lbs_co2_per_mwh`);
  const length = meta.data_point_period_seconds * 1000;
  const steps = data.flatMap(({ point_time: start, value, imputed_data_used: imputed }): ObservedStep[] => {
    if (value === null) return [];
    // Marginal emissions are a model's whatever it rests on; average ones are reckoned from metered generation.
    const quality = asked.signal === 'co2_aoer' && imputed === false ? 'measured' : 'estimated';
    return [{ start, end: instant(start + length), value: plausible(value * GRAMS_PER_POUND), quality }];
  });
  if (steps.length === 0) throw new ProviderFailure('no-data', `no value for region ${asked.region}`);
  return inOrder(steps);
}

/** The newest percentile, 0 cleanest to 100 dirtiest; null: none. Throws `wrong-zone`, `malformed`. */
export function percentileOf({ data, meta }: z.infer<typeof Index>, asked: Asked): number | null {
  sameSubject(meta, asked);
  const newest = data.toSorted((a, b) => b.point_time - a.point_time).find(({ value }) => value !== null);
  return newest?.value ?? null;
}

function sameSubject(meta: { region: string; signal_type: string }, { region, signal }: Asked): void {
  if (meta.region !== region)
    throw new ProviderFailure('wrong-zone', `asked for region ${region}, answered for ${meta.region.slice(0, 40)}`);
  if (meta.signal_type !== signal)
    throw new ProviderFailure('malformed', `asked for ${signal}, answered with ${meta.signal_type.slice(0, 40)}`);
}
