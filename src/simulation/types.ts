import type { Instant, Millis, Region } from '../carbon/units.ts';
import type { Outlook } from '../timing/plan/outlook.ts';

/** True intensity, gCO2eq/kWh, by region: value i is the mean over [start + i * step, start + (i + 1) * step). */
export interface IntensityTable {
  readonly start: Instant;
  readonly step: Millis;
  readonly count: number;
  readonly regions: readonly Region[];
  /** One column a region; no value is missing. */
  readonly columns: readonly Float64Array[];
}

/** What many jobs have in common. */
export interface JobKind {
  readonly workClass: string;
  readonly residency: string;
  readonly home: Region | null;
  readonly interruptible: boolean;
  readonly dataRegion: Region | null;
}

/** Jobs as columns, since there may be a million; row i of each is one job. In the file's order. */
export interface JobTable {
  readonly count: number;
  readonly ids: readonly string[];
  /** ms since the epoch. */
  readonly arrival: Float64Array;
  /** ms. */
  readonly duration: Float64Array;
  /** kWh. */
  readonly energy: Float64Array;
  /** ms since the epoch; NaN: none. */
  readonly deadline: Float64Array;
  /** GB to be moved where it runs elsewhere than in its data's region; 0: none. */
  readonly dataGb: Float64Array;
  /** Index into `kinds`. */
  readonly kind: Uint32Array;
  readonly kinds: readonly JobKind[];
}

/** What is foretold during a run of the simulator. Slots are those of the intensity table. */
export interface ForecastModel {
  /** As the report names it, e.g. `rolling`, `noise:5%`. */
  readonly kind: string;
  /**
   * One outlook a region, as foretold at the start of `slot`: it rests on the slots before it, and on `slot` itself where
   * the nowcast is on. Starts at `slot` (or earlier, for a model whose outlooks never change). Null: none can be made.
   */
  outlooksAt(slot: number): readonly (Outlook | null)[];
  /** What is seen of `slot` itself: its value where the nowcast is on, else the last that has ended; NaN: nothing. */
  seenAt(slot: number): Float64Array;
}
