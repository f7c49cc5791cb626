import { z } from 'zod';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import type { Generation } from '../generation-mix.ts';
import { fuelOfType } from './fuel-types.ts';

const HOUR_MS = 3_600_000;

/** `2026-01-05T18` is the hour that ends at 18:00 UTC. */
const period = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}$/)
  .transform((text, context): Instant => {
    const at = Date.parse(`${text}:00:00Z`);
    if (!Number.isNaN(at)) return instant(at);
    context.addIssue({ code: 'custom', message: 'expected an hour, YYYY-MM-DDThh' });
    return z.NEVER;
  });

/** Megawatt-hours, as a number or as text; null or empty where nothing was reported. */
const megawattHours = z.union([z.number(), z.string(), z.null()]).transform((value, context): number | null => {
  if (value === null || value === '') return null;
  const amount = Number(value);
  if (Number.isFinite(amount)) return amount;
  context.addIssue({ code: 'custom', message: 'expected a number of megawatt-hours' });
  return z.NEVER;
});

const Row = z.object({
  period,
  respondent: z.string(),
  fueltype: z.string(),
  value: megawattHours,
  'value-units': z.literal('megawatthours'),
});
type Row = z.infer<typeof Row>;

/** One page of hourly generation by energy source, with the number of rows of all pages. */
export const FuelMixPage = z.object({
  response: z.object({ total: z.coerce.number().int().nonnegative(), data: z.array(Row) }),
});

/** Why a request was refused, as EIA's gateway says it: `{"error":{"code":"API_KEY_INVALID", …}}`. */
export const RefusedKey = z.object({ error: z.object({ code: z.string().startsWith('API_KEY_') }) });

/**
 * The generation of a respondent, hour by hour, storage left out.
 * @throws ProviderFailure `wrong-zone`: a row is another's.
 */
export function generationOf(rows: readonly Row[], respondent: string): readonly Generation[] {
  return rows.flatMap((row) => {
    if (row.respondent !== respondent) {
      throw new ProviderFailure('wrong-zone', `fuel mix of ${row.respondent.slice(0, 40)}, not of ${respondent}`);
    }
    const fuel = fuelOfType(row.fueltype);
    if (fuel === null) return [];
    const start = instant(row.period - HOUR_MS);
    return [{ type: row.fueltype, fuel, start, end: row.period, amount: row.value }];
  });
}
