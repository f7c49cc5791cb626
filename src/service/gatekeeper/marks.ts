import { z } from 'zod';
import type { Instant } from '../../carbon/units.ts';
import { instant } from '../../carbon/units.ts';
import { DECISION, RELEASED_AT } from '../../policy/annotations.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { RELEASE_REASONS, WAIT_REASONS } from '../../timing/reasons.ts';
import type { ReleaseReason, WaitReason } from '../../timing/reasons.ts';

const CODES: ReadonlySet<unknown> = new Set([...Object.keys(WAIT_REASONS), ...Object.keys(RELEASE_REASONS)]);

/** What the annotation `lowtide.dev/decision` says, for people: nothing is decided by it. */
const NOTED = z.object({
  reason: z.custom<WaitReason | ReleaseReason>((code) => CODES.has(code)),
  intensity: z.number().nullable().catch(null),
  threshold: z.number().nullable().catch(null),
  region: z.string().nullable().catch(null),
});
export type NotedDecision = z.infer<typeof NOTED>;

/** The decision that an object carries; null: none that could be read. */
export function notedDecision({ annotations }: Pick<HeldWork, 'annotations'>): NotedDecision | null {
  try {
    return NOTED.safeParse(JSON.parse(annotations[DECISION] ?? '')).data ?? null;
  } catch {
    return null;
  }
}

/** When Lowtide released the object, as it says itself; null: it does not. */
export function releasedAt({ annotations }: Pick<HeldWork, 'annotations'>): Instant | null {
  const at = Date.parse(annotations[RELEASED_AT] ?? '');
  return Number.isNaN(at) ? null : instant(at);
}
