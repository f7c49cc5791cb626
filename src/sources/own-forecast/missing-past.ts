import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis } from '../../carbon/units.ts';
import type { Span } from '../provider.ts';
import type { ZoneHistory } from './zone-history.ts';

const DAY = 86_400_000;
/** The past is asked for in parts of this length: what the shortest of the providers' ranges allows. */
export const PAST_CHUNK = millis(10 * DAY);
/** A part of which no more than this is missing is not asked for: providers have gaps of their own. */
const TOLERATED = DAY / 2;

/** A part of the past: 0 ends now, each further one ends where the one before it begins. */
export interface PastChunk {
  readonly index: number;
  readonly span: Span;
}

/** The parts of the wanted past of which much is missing, newest first. */
export function missingPast(history: ZoneHistory, now: Instant, wanted: Millis): readonly PastChunk[] {
  const chunks = Array.from({ length: Math.ceil(wanted / PAST_CHUNK) }, (_, index): PastChunk => {
    const from = Math.max(now - (index + 1) * PAST_CHUNK, now - wanted);
    return { index, span: { from: instant(from), to: instant(now - index * PAST_CHUNK) } };
  });
  return chunks.filter(({ span: { from, to } }) => to - from - history.knownWithin(from, to) > TOLERATED);
}
