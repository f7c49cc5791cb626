import type { Instant, Region } from '../../carbon/units.ts';
import type { RunningJob } from '../../timing/running-job.ts';
import type { PauseCalls } from './ports.ts';
import type { Trail } from './trail.ts';

interface RunRegionsOptions {
  readonly regionsOf: PauseCalls['regionsOf'];
  readonly trail: Trail;
}

interface Found {
  readonly started: Instant | null;
  region: Region | null;
  asking: boolean;
}

/**
 * Where running Jobs run: the region of most of their pods' nodes. A release only prefers a region, so that its word is
 * not enough. Each run is looked up once, and again while none of its pods has a node.
 */
export class RunRegions {
  /** Told when the region of a Job has become known. */
  onKnown: (uid: string) => void = () => undefined;
  readonly #options: RunRegionsOptions;
  readonly #found = new Map<string, Found>();

  constructor(options: RunRegionsOptions) {
    this.#options = options;
  }

  /** Null: not known yet; it is then looked up. */
  of(job: RunningJob): Region | null {
    const { uid, started } = job;
    const known = this.#found.get(uid);
    if (known?.started === started && (known.region !== null || known.asking)) return known.region;
    const found: Found = { started, region: null, asking: true };
    this.#found.set(uid, found);
    this.#options.trail.add({ uid: `region ${uid}`, patient: true, run: () => this.#look(job, found) });
    return null;
  }

  forget(uid: string): void {
    this.#found.delete(uid);
  }

  clear(): void {
    this.#found.clear();
  }

  async #look(job: RunningJob, found: Found): Promise<void> {
    const regions = await this.#options.regionsOf(job);
    found.asking = false;
    found.region = mostOf(regions);
    if (found.region !== null && this.#found.get(job.uid) === found) this.onKnown(job.uid);
  }
}

/** The region of most; null: none is known. */
export function mostOf(regions: readonly (Region | null)[]): Region | null {
  const counts = new Map<Region, number>();
  for (const region of regions) if (region !== null) counts.set(region, (counts.get(region) ?? 0) + 1);
  let most: Region | null = null;
  for (const [region, count] of counts) if (most === null || count > (counts.get(most) ?? 0)) most = region;
  return most;
}
