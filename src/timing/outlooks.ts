import type { ForecastStep, KnownReading } from '../carbon/types.ts';
import { instant, millis } from '../carbon/units.ts';
import type { Instant, Millis } from '../carbon/units.ts';
import { outlookOf, reaching } from './plan/outlook.ts';
import type { Outlook } from './plan/outlook.ts';

/** Outlooks are extended by whole days, so that one serves all work of the same reading. */
const DAY: Millis = millis(86_400_000);

const MADE = new WeakMap<KnownReading, Outlook | null>();

/**
 * What a reading lets expect up to `until` at least: its value, then its forecast; null: it has none. One outlook a reading,
 * made when it is first asked for.
 */
export function outlookAt(reading: KnownReading, until: Instant): Outlook | null {
  const made = MADE.get(reading);
  const outlook = made === undefined ? outlookFrom(reading) : made;
  if (outlook === null || until <= (outlook.edges.at(-1) ?? 0)) {
    MADE.set(reading, outlook);
    return outlook;
  }
  const extended = reaching(outlook, instant(Math.ceil(until / DAY) * DAY));
  MADE.set(reading, extended);
  return extended;
}

/** The value holds from its observation to the end of the step that it lies in; a gap in the forecast is like the step before it. */
function outlookFrom({ value, observedAt, forecast }: KnownReading): Outlook | null {
  const ahead = forecast.filter(({ start, end }) => start > observedAt && end > start);
  if (ahead.length === 0) return null;
  const edges = [observedAt, ...ahead.map(({ start }) => start), endOf(ahead)];
  return outlookOf(Float64Array.from(edges), Float64Array.from([value, ...ahead.map((step) => step.value)]));
}

function endOf(steps: readonly ForecastStep[]): Instant {
  return steps.at(-1)?.end ?? instant(0);
}
