import { z } from 'zod';
import { gramsPerKwh } from '../../carbon/units.ts';
import type { GramsPerKwh, Millis } from '../../carbon/units.ts';
import { DURATION_PATTERN, parseDuration } from '../duration.ts';
import {
  HOURS_PATTERN,
  MASS_PATTERN,
  PERCENTAGE_PATTERN,
  parseHours,
  parseMass,
  parsePercentage,
} from '../quantities.ts';
import { NAME_PATTERN } from '../names.ts';
import { accepting } from './accepts.ts';

type Field<Output, Input> = z.ZodType<Output, Input>;

/** A value that ends in the domain type, or is not accepted. */
function ending<In, Out>(schema: Field<In, In>, parse: (value: In) => Out | null, accepts: string): Field<Out, In> {
  const parsed = schema.transform((value, context): Out => {
    const result = parse(value);
    if (result !== null) return result;
    context.issues.push({ code: 'custom', input: value });
    return z.NEVER;
  });
  return accepting(parsed, accepts);
}

/** Text with a unit. */
function quantity<T>(pattern: RegExp, parse: (text: string) => T | null, accepts: string): Field<T, string> {
  return ending(z.string().regex(pattern), parse, accepts);
}

/** A length of time; `example` is what the hint shows. */
export const duration = (example: string): Field<Millis, string> =>
  quantity(DURATION_PATTERN, parseDuration, `a duration with its unit (ms, s, m, h, d), e.g. "${example}"`);

/** A share of one, written in percent. */
export const percentage = (example: string): Field<number, string> =>
  quantity(PERCENTAGE_PATTERN, parsePercentage, `a percentage from 0% to 100%, e.g. "${example}"`);

/** A mass of CO2 equivalent. */
export const mass = (): Field<number, string> =>
  quantity(MASS_PATTERN, parseMass, 'a mass with its unit (g, kg, t), e.g. "500kg"');

/** Hours of the day in UTC. */
export const hours = (): Field<NonNullable<ReturnType<typeof parseHours>>, string> =>
  quantity(HOURS_PATTERN, parseHours, 'hours in UTC from-to, not empty, e.g. "11:00-15:00"');

/** Carbon intensity, gCO2eq/kWh; the minimum is `gramsPerKwh`'s own, noted for JSON Schema. */
export const intensity = (): Field<GramsPerKwh, number> =>
  ending(z.number().meta({ minimum: 0 }), gramsPerKwh, 'gCO2eq/kWh as a number from 0 up, e.g. 250');

/** A finite number, not negative unless `from` says so. */
export const quantityOf = (what: string, from = 0): Field<number, number> =>
  accepting(z.number().min(from), `${what} as a number from ${from} up`);

export const wholeNumber = (what: string): Field<number, number> =>
  accepting(z.int().min(1), `${what} as a whole number from 1 up`);

export const fraction = (): Field<number, number> => accepting(z.number().min(0).max(1), 'a number from 0 to 1');

export const flag = (): Field<boolean, boolean> => accepting(z.boolean(), 'true or false');

export const choice = <const Option extends string>(...options: readonly Option[]): Field<Option, Option> =>
  accepting(z.enum(options), options.join(' | '));

/** A name of the kind that label values and annotations can carry. */
export const name = (what: string): Field<string, string> =>
  accepting(z.string().regex(NAME_PATTERN), `${what}: letters, digits, "-", "_" and ".", at most 63`);

/** Names in a list; at least one, since an empty list would mean nothing at all. */
export const names = (what: string): Field<string[], string[]> =>
  accepting(z.array(name(what)).min(1), `a list of at least one ${what}`);

/**
 * A table by name. That the names are well formed is checked in `checks/names-malformed.ts`: zod would skip the value
 * of a row with a bad name, and drops the row `__proto__` without a word.
 */
export const tableOf = <Row extends z.ZodType>(row: Row): z.ZodRecord<z.ZodString, Row> =>
  z.record(z.string().meta({ pattern: NAME_PATTERN.source }), row);
