import type { FullSlots } from './types.ts';

/**
 * When the last full slot that a run over [start, end) touches is over, ms since the epoch: no start before it avoids that
 * slot but one that ends before it begins. Minus infinity: the run touches none.
 */
export function blockedUntil({ start, slot, full }: FullSlots, from: number, to: number): number {
  const first = Math.max(0, Math.floor((from - start) / slot));
  for (let i = Math.min(full.length, Math.ceil((to - start) / slot)) - 1; i >= first; i -= 1) {
    if (full[i] === 1) return start + (i + 1) * slot;
  }
  return -Infinity;
}

/** The first moment after another at which a slot begins; infinity: none does. */
export function slotAfter({ start, slot, full }: FullSlots, moment: number): number {
  const next = Math.max(0, Math.floor((moment - start) / slot) + 1);
  return next > full.length ? Infinity : start + next * slot;
}
