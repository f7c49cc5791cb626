const DAY_MS = 86_400_000;

/** The date that was spelt last: a table's times lie close together, and a million rows need not spell it each. */
const last = { day: NaN, text: '' };

/** RFC 3339, UTC, with milliseconds only where there are some. */
export function timeText(moment: number): string {
  const at = Math.round(moment);
  const day = Math.floor(at / DAY_MS);
  if (day !== last.day) Object.assign(last, { day, text: new Date(day * DAY_MS).toISOString().slice(0, 11) });
  const rest = at - day * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const millis = rest % 1000;
  return `${last.text}${clock}${millis === 0 ? '' : `.${String(millis).padStart(3, '0')}`}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** A cell, in quotes where it needs them (RFC 4180). */
export function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
