import type { Millis } from '../../carbon/units.ts';
import type { IntensityTable } from '../types.ts';

/** What a forecast model is made from. */
export interface ForecastInput {
  readonly truth: IntensityTable;
  /** Whether the value of the slot at hand is known at its start. */
  readonly nowcast: boolean;
  /** What chance is drawn from. */
  readonly seed: number;
  /** How far ahead outlooks are to reach, where they do not reach as far as the table. */
  readonly reach: Millis;
  /** The table that `file` names. */
  readonly file?: IntensityTable;
  /** Noise is left in the forecast, as in published methods, and not smoothed away. */
  readonly raw?: boolean;
}
