import type { KnownReading, Reading, Signal } from '../../src/carbon/types.ts';
import { instant, region, zone } from '../../src/carbon/units.ts';
import type { GramsPerKwh, Instant, Millis, Region, Zone } from '../../src/carbon/units.ts';
import type { World } from '../../src/placement/facts.ts';
import type { NodeCatalog, NodeFacts, RegionCapacity } from '../../src/placement/types.ts';
import type {
  KnownWindow,
  Policy,
  RegionFacts,
  ResidencySet,
  SchedulerSettings,
  Tenant,
  WorkClass,
} from '../../src/policy/types.ts';

/** Builders of the values that decisions rest on: a test states only what matters to it. */
export const NOW: Instant = instant(Date.parse('2026-03-02T12:00:00Z'));

export function grams(value: number): GramsPerKwh {
  return value as GramsPerKwh;
}

interface RegionSketch {
  jurisdiction?: string | null;
  cost?: number | null;
  average?: number | null;
  latency?: Record<string, number>;
}

export function regionFacts(name: string, sketch: RegionSketch = {}): RegionFacts {
  const latency = Object.entries(sketch.latency ?? {}).map(([to, ms]) => [region(to), ms as Millis] as const);
  return {
    name: region(name),
    zone: zone(name.toUpperCase()),
    jurisdiction: sketch.jurisdiction === undefined ? (name.split('-')[0] ?? null) : sketch.jurisdiction,
    cost: sketch.cost === undefined ? 1 : sketch.cost,
    averageIntensity: sketch.average === undefined || sketch.average === null ? null : grams(sketch.average),
    pue: null,
    latency: new Map(latency),
    provisionable: false,
    capacity: null,
  };
}

/** A class that is held for nothing, but for what a test says of it. */
export function workClass(name: string, part: Partial<WorkClass> = {}): WorkClass {
  return { name, maxDelay: 0 as Millis, maxIntensity: null, strategy: 'window', price: 0, minGain: 0, ...part };
}

const SETS: readonly ResidencySet[] = [
  { name: 'eu-strict', jurisdictions: ['eu'], regions: null, primaryRegionOnly: false },
  { name: 'us-only', jurisdictions: ['us'], regions: null, primaryRegionOnly: false },
  { name: 'global', jurisdictions: null, regions: null, primaryRegionOnly: false },
  { name: 'single-region', jurisdictions: null, regions: null, primaryRegionOnly: true },
  { name: 'named', jurisdictions: null, regions: [region('eu-west-1'), region('us-east-1')], primaryRegionOnly: false },
];

interface PolicySketch {
  regions?: Record<string, RegionSketch>;
  scheduler?: Partial<SchedulerSettings>;
  classes?: readonly WorkClass[];
  tenants?: readonly Tenant[];
  windows?: readonly KnownWindow[];
}

export const THREE_REGIONS = { 'eu-west-1': {}, 'eu-central-1': {}, 'us-east-1': {} };

export function policy(sketch: PolicySketch = {}): Policy {
  const regions = Object.entries(sketch.regions ?? THREE_REGIONS);
  return {
    bands: [],
    classes: new Map((sketch.classes ?? []).map((each) => [each.name, each])),
    regions: new Map(regions.map(([name, facts]) => [region(name), regionFacts(name, facts)])),
    residencySets: new Map(SETS.map((set) => [set.name, set])),
    windows: sketch.windows ?? [],
    tenants: new Map((sketch.tenants ?? []).map((tenant) => [tenant.name, tenant])),
    scheduler: {
      tie: 0.02,
      weights: { carbon: 50, cost: 20, latency: 20, availability: 10 },
      signal: 'average',
      emissionFactor: 'lifecycle',
      noData: 'neutral',
      regionlessNodes: 'allow',
      ceiling: 'soft',
      placement: 'affinity',
      marks: false,
      pin: 'preferred',
      pinTimeout: 120_000 as Millis,
      noSignal: 'wait',
      startupAllowance: 120_000 as Millis,
      release: { perMinute: null },
      kindSwitch: 'refuse',
      refresh: 60_000 as Millis,
      switchCost: 0 as Millis,
      minRun: 0 as Millis,
      maxPauses: null,
      shift: null,
      ...sketch.scheduler,
    },
  };
}

export function known(value: number, part: Partial<KnownReading> = {}): Reading {
  return {
    state: 'known',
    value: grams(value),
    kind: 'average',
    factor: 'lifecycle',
    source: 'test',
    quality: 'declared',
    observedAt: NOW,
    validUntil: null,
    freshUntil: null,
    forecast: [],
    forecastBy: null,
    renewablePct: null,
    percentile: null,
    constant: null,
    ...part,
  };
}

/** A Signal from values (or whole readings) by region name, each in the zone that `regionFacts` gives the region. */
export function signal(values: Record<string, number | Reading>): Signal {
  const zones = Object.entries(values).map(([name, value]): [Zone, Reading] => [
    zone(name.toUpperCase()),
    typeof value === 'number' ? known(value) : value,
  ]);
  return { generation: 1, at: NOW, zones: new Map(zones), ranksBy: { kind: 'average', factor: 'lifecycle' } };
}

/** A Ready node in a region, labelled as a cloud provider would. */
export function nodeFacts(name: string, at: string | null, part: Partial<NodeFacts> = {}): NodeFacts {
  const labels = { 'kubernetes.io/hostname': name, ...(at === null ? {} : { 'topology.kubernetes.io/region': at }) };
  return { name, region: at === null ? null : region(at), pool: null, available: true, labels, taints: [], ...part };
}

/** A catalogue of nodes by name; a region's capacity can be set apart from its nodes. */
export class FakeCatalog implements NodeCatalog {
  generation = 1;
  revision = 1;
  readonly #regions: Map<string, Region | null>;
  readonly #capacity: Map<string, RegionCapacity>;

  constructor(
    nodes: Record<string, string | null> | ReadonlyMap<string, string | null> = {},
    capacity: Record<string, RegionCapacity> = {},
  ) {
    const entries = nodes instanceof Map ? [...(nodes as ReadonlyMap<string, string | null>)] : Object.entries(nodes);
    this.#regions = new Map(entries.map(([name, at]) => [name, at === null ? null : region(at as string)]));
    this.#capacity = new Map(Object.entries(capacity));
  }

  get size(): number {
    return this.#regions.size;
  }

  nodes(): Iterable<NodeFacts> {
    return Array.from(this.#regions, ([name, at]) => nodeFacts(name, at));
  }

  regionOf(node: string): Region | null | undefined {
    return this.#regions.get(node);
  }

  regions(): Iterable<readonly [string, Region | null]> {
    return this.#regions;
  }

  capacityOf(place: Region | null): RegionCapacity {
    const nodes = [...this.#regions.values()].filter((each) => each === place).length;
    return this.#capacity.get(place ?? '') ?? { nodes, available: nodes };
  }

  move(node: string, to: string): void {
    this.#regions.set(node, region(to));
    this.generation += 1;
    this.revision += 1;
  }
}

export function world(part: Partial<World> = {}): World {
  return {
    policy: policy(),
    policyGeneration: 1,
    signal: signal({ 'eu-west-1': 300, 'eu-central-1': 320, 'us-east-1': 100 }),
    catalog: new FakeCatalog(),
    now: NOW,
    ...part,
  };
}
