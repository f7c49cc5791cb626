import { millis } from '../carbon/units.ts';
import { CLASS, DEADLINE, MAX_DELAY, MAX_INTENSITY } from './annotations.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { INTENSITY_ACCEPTED, parseIntensity } from './intent.ts';
import type { WorkClass } from './types.ts';
import { DURATION_ACCEPTED } from './understood.ts';
import { blame, blameNamespace, limitName, namespaceText, ofNamespace, textOf } from './words.ts';
import type { Draft } from './words.ts';

/** A quantity that a class and a namespace bound from above. */
interface Amount {
  readonly name: string;
  readonly read: (text: string) => number | null;
  /** Never writes more than it was given. */
  readonly write: (value: number) => string;
  readonly accepted: string;
  readonly atMost: (limit: string) => string;
  /** The class's own; null: it has none, or none that counts. */
  readonly ofClass: (workClass: WorkClass, draft: Draft) => number | null;
  /** Whether it is without bound where neither workload nor class says anything. */
  readonly unbounded: (draft: Draft) => boolean;
}

/** Outside of these JavaScript writes a number with an exponent. */
const LEAST_PLAIN = 1e-6;
const MOST_PLAIN = 1e20;

const DELAY: Amount = {
  name: MAX_DELAY,
  read: parseDuration,
  write: (value) => formatDuration(millis(Math.floor(value))),
  accepted: DURATION_ACCEPTED,
  atMost: (limit) => `a duration of at most ${limit}`,
  ofClass: ({ maxDelay }, draft) => (draft.words.has(DEADLINE) ? null : maxDelay),
  unbounded: (draft) => draft.words.has(DEADLINE),
};

const INTENSITY: Amount = {
  name: MAX_INTENSITY,
  read: parseIntensity,
  write: (value) => String(value < LEAST_PLAIN ? 0 : Math.min(value, MOST_PLAIN)),
  accepted: INTENSITY_ACCEPTED,
  atMost: (limit) => `gCO2eq/kWh, at most ${limit}`,
  ofClass: ({ maxIntensity }) => maxIntensity,
  unbounded: () => true,
};

interface Ceiling {
  readonly at: number;
  readonly setBy: string;
}

/** Brings maximum delay and maximum intensity below the ceilings of class and namespace. */
export function boundAmounts(draft: Draft): void {
  for (const amount of [DELAY, INTENSITY]) bound(draft, amount);
}

function bound(draft: Draft, amount: Amount): void {
  const limit = namespaceLimit(draft, amount);
  const workClass = draft.policy.classes.get(textOf(draft, CLASS) ?? '');
  const ofClass = workClass === undefined ? null : amount.ofClass(workClass, draft);
  const asked = amount.read(textOf(draft, amount.name) ?? '');
  if (asked === null) {
    imposeLimit(draft, amount, { limit, standing: ofClass });
    return;
  }
  const ceiling = lower(classCeiling(ofClass, workClass), limit);
  if (ceiling === null || asked <= ceiling.at) return;
  const text = amount.write(ceiling.at);
  const own = draft.words.get(amount.name)?.from === 'workload';
  // One default serves many classes: only what a workload asks for itself is refused.
  if (own) blame(draft, amount.name, { accepted: amount.atMost(text), limit: ceiling.setBy });
  draft.words.set(amount.name, { text, from: 'namespace' });
}

/** Where the workload says nothing, the namespace's limit stands before a class that allows more. */
function imposeLimit(
  draft: Draft,
  amount: Amount,
  { limit, standing }: { readonly limit: Ceiling | null; readonly standing: number | null },
): void {
  const otherwise = standing ?? (amount.unbounded(draft) ? Infinity : 0);
  if (limit === null || otherwise <= limit.at) return;
  draft.words.set(amount.name, { text: amount.write(limit.at), from: 'namespace' });
}

function namespaceLimit(draft: Draft, { name, read, accepted }: Amount): Ceiling | null {
  const limit = limitName(name);
  const text = namespaceText(draft, limit);
  if (text === null) return null;
  const at = read(text);
  if (at === null) blameNamespace(draft, limit, { accepted });
  return at === null ? null : { at, setBy: ofNamespace(draft, limit) };
}

function classCeiling(at: number | null, workClass: WorkClass | undefined): Ceiling | null {
  return at === null || workClass === undefined ? null : { at, setBy: `class ${workClass.name} of the policy` };
}

function lower(a: Ceiling | null, b: Ceiling | null): Ceiling | null {
  if (a === null || b === null) return a ?? b;
  return a.at <= b.at ? a : b;
}
