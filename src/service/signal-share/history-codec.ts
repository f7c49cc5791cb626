import { z } from 'zod';
import { instant, millis, zone } from '../../carbon/units.ts';
import type { HistoryState, ZonePast } from '../../sources/own-forecast/state.ts';
import { Lines } from './lines.ts';
import type { Breathe, Parsed } from './lines.ts';

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

const Frame = z.object({
  format: z.literal(FORMAT, `expected format ${FORMAT}`),
  takenAt: z.number().transform(instant),
});

/** Writes and reads the past that forecasts are made from; reading what was written gives exactly the same. */
export class HistoryCodec {
  readonly #lines: Lines<z.infer<typeof Frame>, ZonePast>;

  constructor(breathe: Breathe) {
    const writeItem = (past: ZonePast): string => JSON.stringify(past);
    this.#lines = new Lines({ name: 'history', frame: Frame, item: Past, writeItem }, breathe);
  }

  encode({ takenAt, pasts }: HistoryState): Promise<string> {
    return this.#lines.encode({ format: FORMAT, takenAt }, pasts);
  }

  /** Never throws. */
  async decode(text: string | null): Promise<Parsed<HistoryState>> {
    const { value, problem } = await this.#lines.decode(text);
    if (value === null) return { value, problem };
    return { value: { takenAt: value.frame.takenAt, pasts: value.items }, problem: null };
  }
}
