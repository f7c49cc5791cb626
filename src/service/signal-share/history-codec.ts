import { z } from 'zod';
import { instant, millis, zone } from '../../carbon/units.ts';
import type { HistoryState } from '../../sources/own-forecast/state.ts';
import { parsed } from './codec.ts';

/** Raised whenever an older version could not read, or would misread, what this one writes. */
const FORMAT = 1;

const Tenths = z.custom<readonly (number | null)[]>(
  (value) => Array.isArray(value) && value.every((one) => one === null || (Number.isInteger(one) && Number(one) >= 0)),
  'expected tenths of gCO2eq/kWh, or null',
);

const Past = z.object({
  source: z.string().min(1),
  zone: z.string().min(1).transform(zone),
  kind: z.enum(['average', 'marginal']),
  factor: z.enum(['lifecycle', 'direct']),
  start: z.number().transform(instant),
  step: z.number().positive().transform(millis),
  tenths: Tenths,
  fittedTo: z.number().transform(instant).nullable(),
});

const History = z.object({
  format: z.literal(FORMAT, `expected format ${FORMAT}`),
  takenAt: z.number().transform(instant),
  pasts: z.array(Past),
});

/** Writes the past that forecasts are made from. Reading it back gives exactly the same. */
export function encodeHistory(history: HistoryState): string {
  return JSON.stringify({ format: FORMAT, ...history });
}

/** Reads it; never throws: null, and why. */
export function decodeHistory(text: string | null): {
  readonly history: HistoryState | null;
  readonly problem: string | null;
} {
  const { value, problem } = parsed(History, text, 'history');
  if (value === null) return { history: null, problem };
  const { takenAt, pasts } = value;
  return { history: { takenAt, pasts }, problem };
}
