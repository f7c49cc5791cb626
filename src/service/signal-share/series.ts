import { z } from 'zod';
import type { ObservedStep } from '../../carbon/report.ts';
import type { ForecastStep } from '../../carbon/types.ts';
import { gramsPerKwh, instant } from '../../carbon/units.ts';
import type { GramsPerKwh } from '../../carbon/units.ts';

/** Millions of numbers: checked in one go, not each by a schema of its own. */
const Grams = z.custom<readonly GramsPerKwh[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'number' && gramsPerKwh(one) !== null),
  'expected gCO2eq/kWh, finite and not negative',
);

/**
 * Steps of one length without a gap between them: `from` is where the first begins, `step` their length in ms. Bounds are
 * of all steps or of none; `quality` is one letter for all, or one for each: m measured, e estimated.
 */
const Run = z
  .object({
    from: z.number(),
    step: z.number().positive(),
    values: Grams,
    low: Grams.optional(),
    high: Grams.optional(),
    quality: z
      .string()
      .regex(/^[me]+$/)
      .optional(),
  })
  .refine(
    ({ values, low = values, high = values, quality = 'm' }) =>
      low.length === values.length &&
      high.length === values.length &&
      (quality.length === 1 || quality.length === values.length),
    'expected as many bounds and qualities as values',
  );

export const ObservedRuns = z.array(Run).transform((runs) => runs.flatMap(observedOf));
export const ForecastRuns = z.array(Run).transform((runs) => runs.flatMap(forecastOf));

/** Steps of one length without a gap between them, as they are written. */
export type Run = z.infer<typeof Run>;

/** What was observed, as runs; nothing is lost, however irregular the steps are. */
export function observedRuns(steps: readonly ObservedStep[]): readonly Run[] {
  return runsOf(steps, () => '').map((run) => {
    const letters = run.map(({ quality }) => (quality === 'measured' ? 'm' : 'e')).join('');
    return { ...frameOf(run), quality: new Set(letters).size > 1 ? letters : letters.slice(0, 1) };
  });
}

/** A forecast with its bounds, as runs; nothing is lost, however irregular the steps are. */
export function forecastRuns(steps: readonly ForecastStep[]): readonly Run[] {
  return runsOf(steps, ({ low, high }) => `${low === undefined} ${high === undefined}`).map((run) => {
    const low = run.map((step) => step.low).filter((one) => one !== undefined);
    const high = run.map((step) => step.high).filter((one) => one !== undefined);
    return { ...frameOf(run), ...(low.length > 0 ? { low } : {}), ...(high.length > 0 ? { high } : {}) };
  });
}

interface Step {
  readonly start: number;
  readonly end: number;
  readonly value: GramsPerKwh;
}

/** Parts the steps where they leave the rhythm, or where the shape changes. */
function runsOf<One extends Step>(steps: readonly One[], shapeOf: (step: One) => string): readonly (readonly One[])[] {
  const runs: One[][] = [];
  let shape = '';
  for (const step of steps) {
    const run = runs.at(-1);
    const first = run?.[0];
    const same = shapeOf(step) === shape;
    if (run !== undefined && first !== undefined && same && follows(first, run.length, step)) run.push(step);
    else runs.push([step]);
    shape = shapeOf(step);
  }
  return runs;
}

/** Whether reading the run back gives this step exactly. */
function follows(first: Step, index: number, { start, end }: Step): boolean {
  const length = first.end - first.start;
  return start === first.start + index * length && end === first.start + (index + 1) * length;
}

function frameOf(run: readonly Step[]): Pick<Run, 'from' | 'step' | 'values'> {
  const { start, end } = run[0] ?? { start: 0, end: 0 };
  return { from: start, step: end - start, values: run.map(({ value }) => value) };
}

function observedOf({ from, step, values, quality = 'e' }: Run): readonly ObservedStep[] {
  return values.map((value, index) => ({
    start: instant(from + index * step),
    end: instant(from + (index + 1) * step),
    value,
    quality: (quality[index] ?? quality[0]) === 'm' ? 'measured' : 'estimated',
  }));
}

function forecastOf({ from, step, values, low, high }: Run): readonly ForecastStep[] {
  return values.map((value, index) => {
    const span = { start: instant(from + index * step), end: instant(from + (index + 1) * step), value };
    const [least, most] = [low?.[index], high?.[index]];
    if (least !== undefined && most !== undefined) return { ...span, low: least, high: most };
    if (least !== undefined) return { ...span, low: least };
    return most === undefined ? span : { ...span, high: most };
  });
}
