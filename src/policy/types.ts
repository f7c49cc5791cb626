import type { EmissionFactor, SignalKind } from '../carbon/types.ts';
import type { GramsPerKwh, Millis, Region, Zone } from '../carbon/units.ts';
import type { HoursOfDay } from './quantities.ts';
import type { StrategyName } from './strategies.ts';

/** A band of carbon intensity: below `below` gCO2eq/kWh, and at or above the bound of the band before it. */
export interface Band {
  readonly name: string;
  readonly below: GramsPerKwh | null;
}

/** How elastic a class of work is. */
export interface WorkClass {
  readonly name: string;
  readonly maxDelay: Millis;
  readonly maxIntensity: GramsPerKwh | null;
  readonly strategy: StrategyName;
  /** What an hour of delay must save, gCO2eq per kWh. */
  readonly price: number;
  /** Least saving that is worth waiting for, share of what running at once would emit. */
  readonly minGain: number;
}

/** One row of the regions table. */
export interface RegionFacts {
  readonly name: Region;
  readonly zone: Zone;
  readonly jurisdiction: string | null;
  /** Relative price of compute; only ratios matter. */
  readonly cost: number | null;
  readonly averageIntensity: GramsPerKwh | null;
  readonly pue: number | null;
  /** Round trip to other regions; either row of a pair serves both ways. */
  readonly latency: ReadonlyMap<Region, Millis>;
  readonly provisionable: boolean;
  /** Most pieces of work that are planned to run there at once; null: no limit. */
  readonly capacity: number | null;
}

/** Hours known to be clean in some regions: a prior where there is no forecast. */
export interface KnownWindow {
  readonly name: string;
  readonly hours: HoursOfDay;
  readonly regions: readonly Region[];
}

/** A named rule of where work may run. No restriction at all: anywhere. */
export interface ResidencySet {
  readonly name: string;
  readonly jurisdictions: readonly string[] | null;
  readonly regions: readonly Region[] | null;
  readonly primaryRegionOnly: boolean;
}

/** A tenant's standing facts; of these only the primary region acts yet. */
export interface Tenant {
  readonly name: string;
  readonly primaryRegion: Region | null;
}

/** Relative weights of the placement terms; not negative, at least one positive. */
export interface Weights {
  readonly carbon: number;
  readonly cost: number;
  readonly latency: number;
  readonly availability: number;
}

/** The scheduler section, as far as it acts. */
export interface SchedulerSettings {
  /** Share of the best total, e.g. 0.02: regions within it are equally good. */
  readonly tie: number;
  readonly weights: Weights;
  readonly signal: SignalKind;
  readonly emissionFactor: EmissionFactor;
  /** While no zone has a value of that kind and factor: know nothing, or rank all zones by another. */
  readonly kindSwitch: 'refuse' | 'allow';
  readonly noData: 'neutral' | 'regionAverage';
  readonly regionlessNodes: 'allow' | 'refuse';
  readonly ceiling: 'soft' | 'hard';
  /** What admission and release write: preferred node affinity, or nothing (the extender scores at scheduling time). */
  readonly placement: 'affinity' | 'extender';
  /** With `extender`: request the extended resource that makes kube-scheduler call the extender for the pod. */
  readonly marks: boolean;
  /** How firmly a released Job's region is written. */
  readonly pin: 'preferred' | 'required';
  /** How long a pinned Job's pods may be unschedulable before the pin is given up. */
  readonly pinTimeout: Millis;
  /** A hold whose regions have no data: wait until its end, or release. */
  readonly noSignal: 'wait' | 'release';
  /** From release to running: latest start = deadline - expected duration - this. */
  readonly startupAllowance: Millis;
  readonly release: ReleaseSettings;
  /** No source is asked more often than this. */
  readonly refresh: Millis;
  /** Extra running time at each resume of work that was paused. */
  readonly switchCost: Millis;
  /** Work is not paused before it has run so long. */
  readonly minRun: Millis;
  /** How often one Job may be paused; null: no limit. */
  readonly maxPauses: number | null;
  /** Null: work goes wherever it is permitted. */
  readonly shift: ShiftRules | null;
}

/** When work that has a region of its own (its data's, or its tenant's primary one) may run in another. */
export interface ShiftRules {
  readonly allowed: boolean;
  /** Most data that may be moved with it, GB; null: no limit. */
  readonly maxDataGB: number | null;
  /** Only to a region below this fraction of its own intensity; null: to any that saves. */
  readonly moveBelow: number | null;
}

/** How releases are spread over time. */
export interface ReleaseSettings {
  /** Most releases a minute into one region; null: no limit. */
  readonly perMinute: number | null;
}

/** What the operator wants: parsed, defaulted, immutable, swapped whole. */
export interface Policy {
  readonly bands: readonly Band[];
  readonly classes: ReadonlyMap<string, WorkClass>;
  readonly regions: ReadonlyMap<Region, RegionFacts>;
  readonly residencySets: ReadonlyMap<string, ResidencySet>;
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly windows: readonly KnownWindow[];
  readonly scheduler: SchedulerSettings;
}

/** Something in a policy document that deserves a person's attention. */
export interface PolicyNotice {
  /** Dotted path, e.g. `scheduler.weights.carbon`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** The outcome of reading a policy document: a policy with warnings, or every error at once. */
export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyNotice[] }
  | { readonly ok: false; readonly errors: readonly PolicyNotice[] };
