import { decodeState } from './codec.ts';
import type { DecodedState } from './codec.ts';
import type { Opened } from './published-set.ts';

/** Where circuits and budgets stand in the head: small, for people to read, and safe where the payload is not. */
export const SOURCES_KEY = 'sources.json';

/** The state that a published set holds, or as much as can be read of it. */
export function publishedState(opened: Opened): DecodedState {
  const decoded = decodeState({ payload: opened.payload, sources: opened.notes[SOURCES_KEY] ?? null });
  return { state: decoded.state, problem: opened.problem ?? decoded.problem };
}
