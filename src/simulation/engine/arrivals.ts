import { at } from '../../carbon/forecast/vectors.ts';
import { indexAt } from '../columns.ts';

/** Jobs in order of arrival, those that arrive together in the file's. */
export interface ArrivalOrder {
  /** Jobs, the first to arrive first. */
  readonly jobs: Uint32Array;
  /** The place of each job among them. */
  readonly rank: Uint32Array;
}

/** Sorts by arrival; a file that is in order already costs one look. */
export function arrivalOrder(arrival: Float64Array): ArrivalOrder {
  const jobs = Uint32Array.from(arrival.keys());
  if (!isSorted(arrival)) jobs.sort((a, b) => at(arrival, a) - at(arrival, b) || a - b);
  const rank = new Uint32Array(jobs.length);
  for (let place = 0; place < jobs.length; place += 1) rank[indexAt(jobs, place)] = place;
  return { jobs, rank };
}

function isSorted(arrival: Float64Array): boolean {
  for (let i = 1; i < arrival.length; i += 1) if (at(arrival, i) < at(arrival, i - 1)) return false;
  return true;
}
