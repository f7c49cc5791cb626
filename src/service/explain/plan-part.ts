import { strategyOf } from '../../timing/decide.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import type { Plan } from '../../timing/plan/types.ts';
import { degradationReason } from './reasons.ts';
import type { ExplainedPlan } from './types.ts';

/** What the strategy means to do, and what that is expected to save against running through from now on. */
export function explainedPlan(plan: Plan, situation: HoldSituation): ExplainedPlan {
  const { strategy, degraded, runs, mean, meanNow } = plan;
  const saved = mean === null || meanNow === null ? null : meanNow - mean;
  const energy = energyLeft(situation);
  return {
    asked: strategyOf(situation.intent, situation.pausable ?? false),
    decided: strategy,
    degraded: degraded === null ? null : degradationReason(degraded),
    runs: runs.map(({ region, start, end }) => ({
      region,
      start: rfc3339(start),
      end: end === null ? null : rfc3339(end),
    })),
    mean,
    meanNow,
    gainPct: saved === null || meanNow === null || meanNow === 0 ? null : (100 * saved) / meanNow,
    gainGrams: saved === null || energy === null ? null : saved * energy,
  };
}

/** kWh that the work still draws; null: its energy is not known. */
function energyLeft({ intent, progress }: HoldSituation): number | null {
  const { expectedDuration } = intent.hold;
  if (intent.energyKwh === null || expectedDuration === null || expectedDuration === 0) return intent.energyKwh;
  return intent.energyKwh * Math.max(0, 1 - (progress?.ran ?? 0) / expectedDuration);
}
