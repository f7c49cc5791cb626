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
  if (!isSorted(arrival)) jobs.sort((a, b) => (arrival[a] ?? 0) - (arrival[b] ?? 0) || a - b);
  const rank = new Uint32Array(jobs.length);
  for (let place = 0; place < jobs.length; place += 1) rank[jobs[place] ?? 0] = place;
  return { jobs, rank };
}

function isSorted(arrival: Float64Array): boolean {
  for (let i = 1; i < arrival.length; i += 1) if ((arrival[i] ?? 0) < (arrival[i - 1] ?? 0)) return false;
  return true;
}
