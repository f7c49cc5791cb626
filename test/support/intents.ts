import { millis, region } from '../../src/carbon/units.ts';
import type { NamespaceFacts } from '../../src/policy/namespace.ts';
import type { Policy, WorkClass } from '../../src/policy/types.ts';
import { resolveIntent } from '../../src/policy/workload-intent.ts';
import type { Intent } from '../../src/policy/workload-intent.ts';
import { grams, policy, workClass } from './world.ts';

/** Builders of intents: annotations are named without their prefix. */
export const HOUR = 3_600_000;

export const URGENT: WorkClass = workClass('urgent', { maxDelay: millis(0), maxIntensity: null });
export const STANDARD: WorkClass = workClass('standard', { maxDelay: millis(HOUR), maxIntensity: grams(400) });
export const DEFERRABLE: WorkClass = workClass('deferrable', { maxDelay: millis(12 * HOUR), maxIntensity: grams(250) });

export const INTENT_POLICY: Policy = policy({
  classes: [URGENT, STANDARD, DEFERRABLE],
  tenants: [
    { name: 'acme', primaryRegion: region('eu-central-1') },
    { name: 'usco', primaryRegion: region('us-east-1') },
  ],
});

export function prefixed(annotations: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`lowtide.dev/${name}`, value]));
}

/** A namespace `team-a`; managed unless told. */
export function namespaceFacts(
  annotations: Readonly<Record<string, unknown>>,
  part: Partial<NamespaceFacts> = {},
): NamespaceFacts {
  return { name: 'team-a', annotations: prefixed(annotations), managed: true, enforced: false, ...part };
}

export function intentOf(
  annotations: Readonly<Record<string, unknown>>,
  namespace: NamespaceFacts | null = null,
  within: Policy = INTENT_POLICY,
): Intent {
  return resolveIntent({ annotations: prefixed(annotations), namespace, policy: within });
}
