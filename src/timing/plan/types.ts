import type { GramsPerKwh, Instant, Millis, Region } from '../../carbon/units.ts';
import type { TrailingBounds } from '../../carbon/trail.ts';
import type { StrategyName } from '../../policy/strategies.ts';
import type { Outlook } from './outlook.ts';
import type { Degradation, PlanReason } from './reasons.ts';

export type { StrategyName, TrailingBounds };

/** Slots in which no more may run in a region: [start + i * slot, start + (i + 1) * slot) is full where full[i] is 1. */
export interface FullSlots {
  readonly start: Instant;
  readonly slot: Millis;
  readonly full: Uint8Array;
}

/** Hours that the policy knows to be clean: the present run of them, or the next. */
export interface CleanHours {
  readonly start: Instant;
  readonly end: Instant;
}

/** A region where the work may run, whatever its carbon: residency, latency, nodes and data permit it. */
export interface PlanRegion {
  readonly region: Region;
  /** Now, as far as it is known; null: no usable value. */
  readonly intensity: GramsPerKwh | null;
  /** Covers now and at least `waitLeft` and the remaining time after it; null: there is neither forecast nor prior. */
  readonly outlook: Outlook | null;
  readonly trail: TrailingBounds | null;
  /** A prior where there is no forecast; null: the policy names none. */
  readonly clean: CleanHours | null;
  /** Null: there is no limit. */
  readonly full: FullSlots | null;
}

/** Running time that is still needed. `usual`: not this work's own, but what its class takes on average. */
export type Remaining =
  | { readonly state: 'known'; readonly value: Millis }
  | { readonly state: 'usual'; readonly value: Millis }
  | { readonly state: 'unknown' };

/** What policy and annotations say of how to choose. */
export interface PlanRules {
  /** Runs at or below it, gCO2eq/kWh; null: nothing to wait for. */
  readonly threshold: GramsPerKwh | null;
  /** An annotation's threshold releases even where a forecast promises better; a class's only where there is no forecast. */
  readonly thresholdOf: 'annotation' | 'class';
  /** What an hour of delay must save, gCO2eq per kWh. */
  readonly price: number;
  /** Least saving that is worth waiting for, share of what running now would emit, e.g. 0.02. */
  readonly minGain: number;
  /** Extra running time at each resume: start-up, restoring a checkpoint, and the grace period before. */
  readonly switchCost: Millis;
  /** It is not paused before it has run so long. */
  readonly minRun: Millis;
  readonly pausesLeft: number;
  /** Moves only to a region below this share of its home's intensity, e.g. 0.6; null: to any that saves. */
  readonly moveBelow: number | null;
}

/** Work that runs: where (null: not known), and since when without a pause. */
export interface CurrentRun {
  readonly region: Region | null;
  readonly since: Instant;
}

/** All that a strategy decides by: values, the same for the service, `explain` and the simulator. */
export interface Situation {
  readonly now: Instant;
  /** What it may still wait in all: the rest of the maximum delay and of what else bounds it. 0 or less: none. */
  readonly waitLeft: Millis;
  readonly remaining: Remaining;
  /** How long it has run so far, all runs together. */
  readonly elapsed: Millis;
  /** Permitted regions; of equal ones the first is chosen. */
  readonly regions: readonly PlanRegion[];
  /** Where its data is, or where it ran last; null: it can start anywhere alike. */
  readonly home: Region | null;
  /**
   * Energy of moving its data between two regions, as a share of the energy it still needs (no unit). A move emits this
   * share times the mean of both regions' intensities at that moment, gCO2eq per kWh of the work. 0: nothing to move.
   */
  readonly transfer: number;
  readonly rules: PlanRules;
  /** Null: it waits. */
  readonly run: CurrentRun | null;
}

/** A run that is planned: where, and [start, end); `end` null: to its own end, which is not known. */
export interface PlannedRun {
  readonly region: Region;
  readonly start: Instant;
  readonly end: Instant | null;
}

/** What a strategy decided for this moment, and what it means to do afterwards. */
export interface Plan {
  /** `run`: start, resume or go on running now; `wait`: stay held, or pause. */
  readonly act: 'run' | 'wait';
  readonly reason: PlanReason;
  /** The strategy that decided; another than was asked for where `degraded` says why. */
  readonly strategy: StrategyName;
  readonly degraded: Degradation | null;
  /** In order; the first begins now where it acts `run`. Empty: nothing says when, it waits for a value or for its end. */
  readonly runs: readonly PlannedRun[];
  /** Expected mean over the planned runs, moving included, gCO2eq/kWh; null: no forecast. */
  readonly mean: number | null;
  /** The same, were it to run through from now on where that is best. */
  readonly meanNow: number | null;
}

/** Decides for one moment. Pure; never throws; asked only while it may still wait (`waitLeft` above 0). */
export type Strategy = (situation: Situation) => Plan;
