import { planWork } from '../../timing/plan/plan.ts';
import type { Plan, Situation } from '../../timing/plan/types.ts';
import { COMPARISONS } from '../comparisons/all.ts';
import type { Decider } from '../terms.ts';

/** Decides for one moment, by the service's own code, or by a published method that is compared with it. */
export function decideBy(decider: Decider, situation: Situation): Plan {
  if (decider === 'ecovisor' || decider === 'wait-awhile') return COMPARISONS[decider](situation);
  return planWork(decider, situation);
}
