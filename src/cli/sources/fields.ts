import { z } from 'zod';
import { gramsPerKwh, millis } from '../../carbon/units.ts';
import type { GramsPerKwh, Millis } from '../../carbon/units.ts';
import { parseDuration } from '../../policy/duration.ts';

export const file = z.string().min(1, 'expected a file name');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable');

export const grams = z.number().transform((value, context): GramsPerKwh => {
  const intensity = gramsPerKwh(value);
  if (intensity !== null) return intensity;
  context.addIssue({ code: 'custom', message: 'expected gCO2eq/kWh, not negative' });
  return z.NEVER;
});

/** A duration above 0, kept as text: the configuration is checked twice, alone and with the flags above it. */
export const duration = z.string().refine((value) => (parseDuration(value) ?? 0) > 0, 'expected a duration, e.g. 15m');

/** The length of a duration that the schema has checked. */
export function lengthOf(text: string): Millis {
  return parseDuration(text) ?? millis(0);
}

export const url = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'expected http://… or https://…')
  .refine((text) => {
    const { username = '', password = '' } = URL.parse(text) ?? {};
    return username === '' && password === '';
  }, 'expected an address without user and password, which are credentials of their own');

/** Where a credential stands: never in the configuration itself. */
export const secret = z
  .strictObject({ file: file.optional(), env: variable.optional() })
  .refine(({ file, env }) => (file === undefined) !== (env === undefined), 'expected one of: file, env');

/** Where a credential stands. */
export type SecretConfig = z.infer<typeof secret>;

export const kind = z.enum(['average', 'marginal']);
export const factor = z.enum(['lifecycle', 'direct']);

interface Pace {
  readonly refresh: string;
  readonly softAge: string;
  readonly hardAge: string;
  readonly timeout?: string;
  readonly requestsPerDay?: number;
  readonly requestsPerMinute?: number;
}

const limit = z.int('expected a whole number').min(1, 'expected at least 1').nullable();
const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'expected lower case letters, digits and dashes')
  .optional();
const zones = z.record(z.string(), z.string().min(1)).default({});

/** What every provider's settings have in common. */
interface PacedShape {
  /** By which metrics and logs call it; needed where one provider stands twice. */
  readonly name: typeof name;
  readonly refresh: z.ZodDefault<typeof duration>;
  readonly softAge: z.ZodDefault<typeof duration>;
  readonly hardAge: z.ZodDefault<typeof duration>;
  readonly timeout: z.ZodDefault<typeof duration>;
  /** Null: no limit. */
  readonly requestsPerDay: z.ZodDefault<typeof limit>;
  readonly requestsPerMinute: z.ZodDefault<typeof limit>;
  /** The provider's name of a zone, where it is another than the shipped table says. */
  readonly zones: typeof zones;
}

/** The common settings, with the provider's own defaults. */
export function paced({ refresh, softAge, hardAge, timeout, requestsPerDay, requestsPerMinute }: Pace): PacedShape {
  return {
    name,
    refresh: duration.default(refresh),
    softAge: duration.default(softAge),
    hardAge: duration.default(hardAge),
    timeout: duration.default(timeout ?? '10s'),
    requestsPerDay: limit.default(requestsPerDay ?? null),
    requestsPerMinute: limit.default(requestsPerMinute ?? null),
    zones,
  };
}
