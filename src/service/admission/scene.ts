import type { Millis, Region } from '../../carbon/units.ts';
import type { World } from '../../placement/facts.ts';
import { READ } from '../../policy/annotations.ts';
import type { NamespaceFacts } from '../../policy/namespace.ts';
import { resolveIntent } from '../../policy/workload-intent.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import type { Surroundings } from './candidate.ts';

/** All that a decision on one object rests on: gathered once, read without waiting. */
export interface Scene extends Surroundings {
  readonly world: World;
  /** Of the object's namespace; null: not known (yet), so that nothing is held by its word or against it. */
  readonly facts: NamespaceFacts | null;
  readonly regionLabel: string;
  /** Regions that could run a pod of this spec, whatever residency and carbon say. */
  readonly candidates: (podSpec: unknown) => readonly Region[];
  /** What work of its class usually takes; null: not known. */
  readonly usual: (intent: Intent) => Millis | null;
  /** Where a node stands; null without a region label, undefined where the node is not known. */
  readonly regionOfNode: (name: string) => Region | null | undefined;
}

/** What an object wants. */
export interface Wanted {
  readonly intent: Intent;
  /** Annotations in force that the object itself lacks. */
  readonly missing: Readonly<Record<string, string>>;
  /** Whether it is Lowtide's business at all: by an annotation of its own, or its namespace's label. */
  readonly concerned: boolean;
}

/** Resolves an object's own annotations in its scene. */
export function wantedBy(annotations: Readonly<Record<string, string>>, { facts, world }: Scene): Wanted {
  const intent = resolveIntent({ annotations, namespace: facts, policy: world.policy });
  const missing = Object.entries(intent.effective).filter(([name]) => annotations[name] === undefined);
  const opted = facts !== null && (facts.managed || facts.enforced);
  return {
    intent,
    missing: Object.fromEntries(missing),
    concerned: opted || READ.some((name) => annotations[name] !== undefined),
  };
}
