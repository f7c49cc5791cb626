import { own, ownAt } from '../raw.ts';
import type { PolicyNotice } from '../types.ts';

const TERMS = ['carbon', 'cost', 'latency', 'availability'];

/** Weights that leave nothing to rank by; a term left out has its default, which is above 0. */
export function weightsAllZero(document: unknown): readonly PolicyNotice[] {
  const weights = ownAt(document, ['scheduler', 'weights']);
  if (!TERMS.every((term) => own(weights, term) === 0)) return [];
  return [
    {
      path: 'scheduler.weights',
      message: 'every weight is 0: there is nothing to rank by',
      hint: 'set at least one above 0, e.g. carbon: 50',
    },
  ];
}
