import type { Region } from '../carbon/units.ts';
import type { StrategyName } from '../policy/strategies.ts';
import type { Policy } from '../policy/types.ts';
import type { ForecastModel, IntensityTable, JobTable } from './types.ts';

/** What a strategy is told of how long work takes: all, the mean of its class in the file, nothing. */
export type DurationsShown = 'known' | 'class' | 'unknown';

/** Published methods that are simulated to be compared with; neither decides in the service. */
export type ComparisonName = 'ecovisor' | 'wait-awhile';

/** What is simulated. */
export interface SimulationInput {
  readonly jobs: JobTable;
  readonly truth: IntensityTable;
  readonly policy: Policy;
  /** For every job; null: each job's class says. */
  readonly strategy: StrategyName | ComparisonName | null;
  readonly forecast: ForecastModel;
  /** Whether the current slot's own value is seen; the forecast was opened with the same. */
  readonly nowcast: boolean;
  readonly durations: DurationsShown;
  /** What an hour of delay must save, gCO2eq per kWh, over every class's own; null: the classes' own. */
  readonly price: number | null;
  /** Most jobs that are planned to run at once, by region, over the policy's. */
  readonly capacity: ReadonlyMap<Region, number>;
  /** Called with the share of slots that are done, about a hundred times. */
  readonly onProgress?: (share: number) => void;
}
