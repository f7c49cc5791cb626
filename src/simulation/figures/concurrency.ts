import { at } from '../../carbon/forecast/vectors.ts';
import { runsOf } from '../schedule.ts';
import type { Simulation } from '../schedule.ts';

/** Most jobs that ran at one moment, all regions together; one that ends as another starts is not beside it. */
export function peakConcurrency(simulation: Simulation): number {
  const { starts, ends } = edgesOf(simulation);
  let over = 0;
  let peak = 0;
  for (let begun = 0; begun < starts.length; begun += 1) {
    while (at(ends, over) <= at(starts, begun)) over += 1;
    peak = Math.max(peak, begun + 1 - over);
  }
  return peak;
}

function edgesOf(simulation: Simulation): { readonly starts: Float64Array; readonly ends: Float64Array } {
  const count = runCount(simulation);
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  let next = 0;
  for (let job = 0; job < simulation.region.length; job += 1) {
    for (const { start, end } of runsOf(simulation, job)) {
      starts[next] = start;
      ends[next] = end;
      next += 1;
    }
  }
  return { starts: starts.sort(), ends: ends.sort() };
}

function runCount(simulation: Simulation): number {
  let count = 0;
  for (const region of simulation.region) if (region >= 0) count += 1;
  for (const runs of simulation.runs.values()) count += runs.length - 1;
  return count;
}
