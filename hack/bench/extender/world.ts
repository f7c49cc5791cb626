import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that the extenders under test start from: one world, said in each one's own way. */
export interface WorldFiles {
  readonly nodes: string;
  /** Lowtide's. */
  readonly policy: string;
  readonly trace: string;
  /** The Go extender's: the same facts. */
  readonly settings: string;
}

interface BenchRegion {
  readonly zone: string;
  readonly jurisdiction: string;
  readonly cost: number;
  readonly intensity: number;
}

/** Ten regions, five of them in the EU; the nodes are dealt out to them in turn. */
const REGIONS: Readonly<Record<string, BenchRegion>> = {
  'us-east-1': { zone: 'US-MIDA-PJM', jurisdiction: 'us', cost: 1, intensity: 396 },
  'us-west-1': { zone: 'US-CAL-CISO', jurisdiction: 'us', cost: 1.17, intensity: 261 },
  'us-west-2': { zone: 'US-NW-BPAT', jurisdiction: 'us', cost: 1.05, intensity: 120 },
  'eu-central-1': { zone: 'DE', jurisdiction: 'eu', cost: 1.1, intensity: 371 },
  'eu-west-1': { zone: 'IE', jurisdiction: 'eu', cost: 1.08, intensity: 403 },
  'eu-west-3': { zone: 'FR', jurisdiction: 'eu', cost: 1.16, intensity: 53 },
  'eu-north-1': { zone: 'SE-SE3', jurisdiction: 'eu', cost: 1.03, intensity: 25 },
  'eu-south-2': { zone: 'ES', jurisdiction: 'eu', cost: 1.11, intensity: 154 },
  'ap-southeast-2': { zone: 'AU-NSW', jurisdiction: 'au', cost: 1.25, intensity: 545 },
  'ap-south-1': { zone: 'IN-WE', jurisdiction: 'in', cost: 1.01, intensity: 747 },
};
const WEIGHTS = { carbon: 50, cost: 20, latency: 20, availability: 10 };
const TIE = 0.02;
const SETS = { 'eu-strict': ['eu'], 'us-only': ['us'] };
const TRACE_HOURS = 48;

/** `node-00000` and on. */
export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `node-${String(index).padStart(5, '0')}`);
}

/** Writes the world's files into a folder. */
export async function writeWorld(folder: string, names: readonly string[]): Promise<WorldFiles> {
  const files: WorldFiles = {
    nodes: join(folder, 'nodes.json'),
    policy: join(folder, 'policy.yaml'),
    trace: join(folder, 'intensity.csv'),
    settings: join(folder, 'settings.json'),
  };
  await writeFile(files.nodes, JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', items: names.map(nodeOf) }));
  await writeFile(files.policy, JSON.stringify(policy(), null, 2));
  await writeFile(files.trace, traceCsv());
  await writeFile(files.settings, JSON.stringify({ regions: REGIONS, sets: SETS, weights: WEIGHTS, tie: TIE }));
  return files;
}

/** One node in a hundred is down for each place of its region in the table, so that availability differs. */
function nodeOf(name: string, index: number): unknown {
  const regions = Object.keys(REGIONS);
  const place = index % regions.length;
  const ready = Math.floor(index / regions.length) % 100 >= place;
  return {
    metadata: { name, labels: { 'topology.kubernetes.io/region': regions[place], 'kubernetes.io/hostname': name } },
    spec: {},
    status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

/** JSON is YAML. */
function policy(): unknown {
  const regions: Record<string, unknown> = {};
  for (const [name, { zone, jurisdiction, cost }] of Object.entries(REGIONS)) {
    regions[name] = { zone, jurisdiction, cost };
  }
  const sets: Record<string, unknown> = {};
  for (const [name, jurisdictions] of Object.entries(SETS)) sets[name] = { jurisdictions };
  return {
    apiVersion: 'lowtide.dev/v1alpha1',
    kind: 'Policy',
    regions,
    residency: { sets },
    scheduler: { placement: 'extender', tie: '2%', weights: WEIGHTS, refresh: '1s' },
  };
}

function traceCsv(): string {
  const zones = Object.values(REGIONS);
  const start = Date.parse('2026-03-02T00:00:00Z');
  const values = zones.map(({ intensity }) => intensity).join(',');
  const rows = Array.from({ length: TRACE_HOURS }, (_, hour) => {
    return `${new Date(start + hour * 3_600_000).toISOString()},${values}`;
  });
  return [['time', ...zones.map(({ zone }) => zone)].join(','), ...rows, ''].join('\n');
}

/** Which nodes pass for a pod: the driver's own view, against which every answer is checked. */
export function passing(names: readonly string[], residency: string | null, all: readonly string[]): readonly string[] {
  if (residency === null) return names;
  const jurisdictions: readonly string[] = Object.entries(SETS).find(([set]) => set === residency)?.[1] ?? [];
  const regions = Object.values(REGIONS);
  const permitted = new Set(
    all.filter((_, index) => jurisdictions.includes(regions[index % regions.length]?.jurisdiction ?? '')),
  );
  return names.filter((name) => permitted.has(name));
}
