import { STRATEGIES } from '../../policy/strategies.ts';
import { COMPARISONS } from '../../simulation/comparisons/all.ts';
import type { ComparisonName } from '../../simulation/input.ts';
import type { Decider } from '../../simulation/terms.ts';

/** All that may decide: Lowtide's strategies, and published methods that they are compared with. */
export const DECIDERS: readonly Decider[] = [...STRATEGIES, ...(Object.keys(COMPARISONS) as ComparisonName[])];

/** Whether it is a published method, which takes a forecast as it comes. */
export function isComparison(name: Decider): name is ComparisonName {
  return Object.hasOwn(COMPARISONS, name);
}
