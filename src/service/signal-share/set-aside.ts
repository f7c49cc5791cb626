import type { BudgetState, SourceState } from '../../sources/chain/state.ts';
import type { Meters } from './ports.ts';

/** What a source's budget will be once more requests are set aside: to be published before they are. */
export type AsidePlan = ReadonlyMap<string, BudgetState>;

/** Of what is left of a day: so much is lost at most when a leader dies, and so seldom must it be published. */
const BLOCK = 1 / 50;

/** What must be set aside before so many requests are sent, by source id; sources without a daily limit need nothing. */
export function planAside(due: ReadonlyMap<string, number>, meters: Meters): AsidePlan {
  const plan = new Map<string, BudgetState>();
  for (const [id, need] of due) {
    const meter = meters.get(id);
    const left = meter?.left() ?? null;
    if (meter === undefined || left === null) continue;
    const aside = meter.aside();
    if (aside >= need || left <= aside) continue;
    const more = Math.min(Math.max(need, Math.ceil(left * BLOCK)), left) - aside;
    const { day, used } = meter.state();
    if (more > 0) plan.set(id, { day, used: used + more });
  }
  return plan;
}

/** The budgets as they will be. */
export function planned(sources: readonly SourceState[], plan: AsidePlan): readonly SourceState[] {
  return sources.map((source) => ({ ...source, budget: plan.get(source.id) ?? source.budget }));
}

/** Sets aside what was planned and published: never more, though a day may have ended meanwhile. */
export function setAside(plan: AsidePlan, meters: Meters): void {
  for (const [id, { day, used }] of plan) {
    const meter = meters.get(id);
    const now = meter?.state();
    if (meter === undefined || now?.day !== day || used <= now.used) continue;
    meter.reserve(meter.aside() + used - now.used);
  }
}
