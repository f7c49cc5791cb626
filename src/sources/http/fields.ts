import { z } from 'zod';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** A time with its offset from UTC, seconds optional: `2026-01-05T18:00Z`, `2026-01-05T18:00:00+00:00`. */
export const timeField: z.ZodType<Instant, string> = z.string().transform((text, context): Instant => {
  const at = WITH_OFFSET.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return instant(at);
  context.addIssue({ code: 'custom', message: 'expected a time with its offset from UTC' });
  return z.NEVER;
});
