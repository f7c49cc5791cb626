import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { ChainState, SourceState } from '../../sources/chain/state.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** By so much clocks of replicas may differ. */
const SKEW = 5 * MINUTE;
/** No circuit of ours stays open for longer, whatever a provider asked for. */
const LONGEST_OPEN = 7 * DAY;

/**
 * The state without what would come from the future: a clock that was wrong, or a hand that wrote it, would else have
 * its way until that future has come.
 */
export function sane(state: ChainState, now: Instant): ChainState {
  const latest = now + SKEW;
  return {
    takenAt: instant(Math.min(state.takenAt, now)),
    reports: state.reports.filter(({ fetchedAt }) => fetchedAt <= latest),
    failures: state.failures.filter(({ at }) => at <= latest),
    sources: state.sources.filter(({ budget }) => budget.day <= Math.floor(now / DAY) + 1).map(bounded),
  };

  function bounded(source: SourceState): SourceState {
    const { openUntil } = source.circuit;
    if (openUntil === null || openUntil <= now + LONGEST_OPEN) return source;
    return { ...source, circuit: { ...source.circuit, openUntil: instant(now + LONGEST_OPEN) } };
  }
}
