import { gramsPerKwh, instant } from '../../carbon/units.ts';
import type { GramsPerKwh, Instant } from '../../carbon/units.ts';

/** A cell read: its value, or what is wrong with it and what is accepted. */
export type Cell<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly why: string };

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a UTC RFC 3339 time. */
export function timeCell(text: string): Cell<Instant> {
  const match = RFC3339.exec(text);
  if (match === null)
    return { ok: false, why: `time ${quote(text)} is not RFC 3339 in UTC, such as 2026-03-02T00:00:00Z` };
  const [, date = '', clock = '', offset = ''] = match;
  if (!/^(?:z|[+-]00:00)$/i.test(offset)) {
    return { ok: false, why: `time ${quote(text)} is not UTC: write it with Z, such as 2026-03-02T00:00:00Z` };
  }
  const at = Date.parse(text.replace(' ', 'T').toUpperCase());
  // Date.parse turns 30 February into 2 March: a date that does not come back is no date.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(`${date}T${clock}`)) {
    return { ok: false, why: `time ${quote(text)} does not exist` };
  }
  return { ok: true, value: instant(at) };
}

/** Reads an intensity in gCO2eq/kWh; an empty cell is null: no value at that step. */
export function intensityCell(text: string): Cell<GramsPerKwh | null> {
  if (text === '') return { ok: true, value: null };
  const value = NUMBER.test(text) ? gramsPerKwh(Number(text)) : null;
  return value === null
    ? { ok: false, why: `${quote(text)} is not an intensity: a number of gCO2eq/kWh from 0 up, or an empty cell` }
    : { ok: true, value };
}

/** A cell as it is shown to a person: quoted, and cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
