import { ownAt } from '../raw.ts';
import type { PolicyNotice } from '../types.ts';

/** Marks without the extender that they call. */
export function marksIdle(document: unknown): readonly PolicyNotice[] {
  const marks = ownAt(document, ['scheduler', 'marks']);
  if (marks !== true || ownAt(document, ['scheduler', 'placement']) === 'extender') return [];
  return [
    {
      path: 'scheduler.marks',
      message: 'marks nothing: marks call the extender, and placement is affinity',
      hint: 'set placement: extender, or leave marks out',
    },
  ];
}
