import { unknown, usableReading } from '../carbon/reading.ts';
import type { Reading, Signal } from '../carbon/types.ts';
import type { GramsPerKwh, Instant, Millis, Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { Policy } from '../policy/types.ts';
import { latencyBetween } from './latency.ts';
import type { NodeCatalog } from './types.ts';

/** What the world looks like at one moment: the values that a placement rests on. */
export interface World {
  readonly policy: Policy;
  /** Which policy, counted from the service's start. */
  readonly policyGeneration: number;
  readonly signal: Signal;
  readonly catalog: NodeCatalog;
  readonly now: Instant;
}

/** One region (null: the nodes without one) as the decision sees it; null is always "no data". */
export interface RegionView {
  readonly region: Region | null;
  readonly reading: Reading;
  /** gCO2eq/kWh that placement counts with: the reading's, or the region's average where the policy says so. */
  readonly intensity: GramsPerKwh | null;
  readonly cost: number | null;
  /** Round trip from the workload's origin, in milliseconds. */
  readonly latency: Millis | null;
  /** Share of the region's nodes that are Ready and schedulable, 0 to 1. */
  readonly availability: number | null;
}

/** Looks one region up in the world. */
export function viewRegion(region: Region | null, intent: PlacementIntent, world: World): RegionView {
  const { policy, catalog } = world;
  const facts = region === null ? undefined : policy.regions.get(region);
  const reading = readingOf(region, world);
  const { nodes, available } = catalog.capacityOf(region);
  return {
    region,
    reading,
    intensity: reading.state === 'known' ? reading.value : substitute(facts?.averageIntensity ?? null, world),
    cost: facts?.cost ?? null,
    latency: intent.latency === null ? null : latencyBetween(policy, intent.latency.origin, region),
    availability: nodes === 0 ? null : available / nodes,
  };
}

function readingOf(region: Region | null, { policy, signal, now }: World): Reading {
  if (region === null) return unknown('no-region');
  const facts = policy.regions.get(region);
  if (facts === undefined) return unknown('region-unlisted');
  return usableReading(signal, facts.zone, now);
}

/** The table's averages are average and lifecycle: they stand in for nothing else. */
function substitute(average: GramsPerKwh | null, { policy, signal }: World): GramsPerKwh | null {
  const comparable = signal.ranksBy.kind === 'average' && signal.ranksBy.factor === 'lifecycle';
  return policy.scheduler.noData === 'regionAverage' && comparable ? average : null;
}
