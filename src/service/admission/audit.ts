import { REGIONS, RESIDENCY } from '../../policy/annotations.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import type { Refusal } from './answer.ts';
import type { HoldVerdict } from './hold.ts';
import type { Wanted } from './scene.ts';

/** What the API server's audit log keeps of an object that is let pass. */
export function auditOfPlan(hold: HoldVerdict, { intent, concerned }: Wanted): Readonly<Record<string, string>> {
  if (!concerned) return {};
  const residency = [RESIDENCY, REGIONS].flatMap((name) => intent.effective[name] ?? []).join('; ');
  return {
    decision: hold.held ? 'held' : 'not-held',
    reason: hold.held ? hold.decision.reason : hold.reason,
    ...(hold.held ? { until: rfc3339(hold.decision.until) } : {}),
    ...(residency === '' ? {} : { residency }),
  };
}

/** What the audit log keeps of an object that is refused. */
export function auditOfRefusal({ reason, subjects }: Refusal): Readonly<Record<string, string>> {
  return { decision: 'refused', reason, subjects: subjects.join(', ') };
}
