import type { Strategy } from '../../timing/plan/types.ts';
import type { ComparisonName } from '../input.ts';
import { ecovisor } from './ecovisor.ts';
import { waitAwhile } from './wait-awhile.ts';

/** Published methods that Lowtide is compared with; they decide in the simulator alone. */
export const COMPARISONS: Readonly<Record<ComparisonName, Strategy>> = {
  ecovisor,
  'wait-awhile': waitAwhile,
};
