import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A policy file, and a trace whose grids are dirty for the first of its hours and clean from then on. */
export interface HoldingWorld {
  readonly policy: string;
  readonly trace: string;
}

/** gCO2eq/kWh; the class `deferrable` waits for 250. */
export const DIRTY = { north: 620, south: 540 };
const CLEAN = { north: 110, south: 90 };
const HOURS = 48;

/** Work may go to both regions without nodes there: no node is needed, and no scheduler runs. */
const POLICY = {
  apiVersion: 'lowtide.dev/v1alpha1',
  kind: 'Policy',
  classes: { deferrable: { maxDelay: '12h', maxIntensity: 250 } },
  regions: {
    'eu-north': { zone: 'north', jurisdiction: 'eu', provisionable: true },
    'eu-south': { zone: 'south', jurisdiction: 'eu', provisionable: true },
  },
  residency: { sets: { 'eu-strict': { jurisdictions: ['eu'] } } },
};

export async function writeHoldingWorld(folder: string): Promise<HoldingWorld> {
  const world = { policy: join(folder, 'policy.yaml'), trace: join(folder, 'turning.csv') };
  const rows = Array.from({ length: HOURS }, (_, hour) => {
    const { north, south } = hour === 0 ? DIRTY : CLEAN;
    return `${new Date(Date.UTC(2026, 2, 2, hour)).toISOString()},${north},${south}`;
  });
  // JSON is YAML.
  await writeFile(world.policy, JSON.stringify(POLICY));
  await writeFile(world.trace, ['time,north,south', ...rows, ''].join('\n'));
  return world;
}

/** What a platform's user writes on work that waits and stays in the EU. */
export const DEFERRABLE = { 'lowtide.dev/class': 'deferrable', 'lowtide.dev/residency': 'eu-strict' };

/** A pod as its user writes it. */
export function plainPod(name: string, annotations: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'bench' }, annotations },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'work', image: 'work' }] },
  };
}
