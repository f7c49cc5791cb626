import type { WorkKind } from '../../timing/types.ts';

/** A reason of a closed set, with its text for people. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/**
 * How one object stands. `held`: it waits for the first time; `paused`: it ran and waits again; `released`: let go, its
 * pods do not run yet; `not-ours`: Lowtide has no hand in when it runs.
 */
export type Standing = 'held' | 'paused' | 'released' | 'running' | 'finished' | 'not-ours';

/** What `lowtide explain` answers. Intensities and means in gCO2eq/kWh; times in RFC 3339; lengths of time as durations. */
export interface Explanation {
  readonly object: ExplainedObject;
  /** The moment of the answer. */
  readonly at: string;
  readonly verdict: Standing;
  readonly reason: Reason | null;
  /** Whether the reason is that of a decision made for this answer, or the one that was noted on the object. */
  readonly decided: 'now' | 'noted' | null;
  /** What is decided now; null: nothing is left to decide. `go`: its time has come, or it runs on. */
  readonly act: 'wait' | 'go' | null;
  /** When it is let go at the latest; null: it is not held. */
  readonly until: string | null;
  /** When it is expected to go; null: it goes now, or is not held. */
  readonly expected: string | null;
  /** When it is looked at again, unless signal, policy, nodes or the object itself change before. */
  readonly nextLook: string | null;
  /** The region that the decision names, and its intensity now. */
  readonly region: string | null;
  readonly intensity: number | null;
  readonly intent: ExplainedIntent;
  readonly plan: ExplainedPlan | null;
  readonly progress: ExplainedProgress;
  /** Regions that have nodes for it: permitted ones, the best placed first, then the refused. */
  readonly regions: readonly ExplainedRegion[];
  /** Regions of the policy without nodes that it could run on. */
  readonly withoutNodes: readonly string[];
  readonly pausing: { readonly may: boolean; readonly reason: Reason | null };
  readonly moving: { readonly may: boolean; readonly reason: Reason | null };
  /** What nobody knows, and what follows from that. */
  readonly unknown: readonly Unknown[];
}

/** The object that is explained. */
export interface ExplainedObject {
  readonly kind: WorkKind;
  readonly namespace: string;
  readonly name: string;
  readonly created: string;
}

/** What the object wants, as it is in force: its own words over its namespace's, within the policy. */
export interface ExplainedIntent {
  readonly class: string | null;
  readonly strategy: string;
  readonly residency: string | null;
  readonly permittedRegions: readonly string[] | null;
  readonly maxDelay: string | null;
  readonly deadline: string | null;
  readonly expectedDuration: string | null;
  readonly threshold: number | null;
  readonly thresholdOf: 'annotation' | 'class' | null;
  readonly interruptible: boolean;
  readonly energyKwh: number | null;
  readonly data: { readonly gb: number; readonly region: string } | null;
  /** Annotations that could not be used as they stand. */
  readonly problems: readonly { readonly annotation: string; readonly value: string; readonly accepted: string }[];
}

/** What the strategy means to do. */
export interface ExplainedPlan {
  readonly asked: string;
  readonly decided: string;
  /** Why another strategy decided than the one that was asked for, or by less than it would have. */
  readonly degraded: Reason | null;
  readonly runs: readonly { readonly region: string; readonly start: string; readonly end: string | null }[];
  readonly mean: number | null;
  readonly meanNow: number | null;
  /** Of what running through from now on would emit, percent; null: there is no forecast. */
  readonly gainPct: number | null;
  /** gCO2eq; null: its energy is not known either. */
  readonly gainGrams: number | null;
}

/** How far the object has come. */
export interface ExplainedProgress {
  readonly waited: string;
  readonly ran: string;
  readonly pauses: number;
  readonly maxPauses: number | null;
}

/** One region as an alternative. */
export interface ExplainedRegion {
  readonly region: string;
  /** Null: it is permitted. */
  readonly refused: Reason | null;
  readonly intensity: number | null;
  /** Whether it is above the threshold now. */
  readonly aboveThreshold: boolean;
  /** Were it the only region: when the work would start, and the mean expected there, moving of data not included. */
  readonly start: string | null;
  readonly mean: number | null;
}

/** Something that is not known. */
export interface Unknown extends Reason {
  /** `intensity`, `forecast`, `duration`, `energy`. */
  readonly what: string;
  readonly region: string | null;
}
