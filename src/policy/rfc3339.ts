import { instant } from '../carbon/units.ts';
import type { Instant } from '../carbon/units.ts';

const RFC3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Reads an RFC 3339 time with its offset, e.g. `2026-03-02T06:00:00Z`; null: it is none, or no such day exists. */
export function parseTime(text: string): Instant | null {
  const upper = text.toUpperCase();
  const [, date = '', clock = ''] = RFC3339.exec(upper) ?? [];
  const local = Date.parse(`${date}T${clock}Z`);
  // Date.parse turns 30 February into 2 March: a date that does not come back is no date.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${date}T${clock}`)) return null;
  return instant(Date.parse(upper));
}
