import { setTimeout as sleep } from 'node:timers/promises';
import type { Region } from '../../src/carbon/units.ts';
import type { Policy } from '../../src/policy/types.ts';
import type { LowtideProcess } from '../lowtide/process.ts';
import { Samples } from '../lowtide/samples.ts';

const LOG_POLL_MS = 50;
const HALF_A_MINUTE = 30_000;

/** gCO2eq/kWh by region, the cleanest first. */
export type Intensities = ReadonlyMap<Region, number>;

interface GridOptions {
  readonly lowtide: LowtideProcess;
  readonly policy: Policy;
  /** Those with nodes. */
  readonly regions: readonly Region[];
  /** The grid's time when Lowtide started, and how much faster it runs. */
  readonly start: number;
  readonly speed: number;
}

/** The grid of the demo, as Lowtide knows it. */
export class Grid {
  readonly #options: GridOptions;
  readonly #since: number;

  private constructor(options: GridOptions, since: number) {
    this.#options = options;
    this.#since = since;
  }

  static async of(options: GridOptions): Promise<Grid> {
    // A trace begins when its policy has been read.
    const loaded = (await options.lowtide.log()).find(({ msg }) => msg === 'policy loaded');
    if (loaded === undefined) throw new Error('lowtide logged no policy');
    return new Grid(options, Number(loaded['time']));
  }

  /** The time on the grid at a wall time in milliseconds, to the nearest minute, e.g. `22:00`. */
  time(wall: number): string {
    return new Date(this.#at(wall) + HALF_A_MINUTE).toISOString().slice(11, 16);
  }

  /** The day on the grid, e.g. `2026-03-03`. */
  day(wall: number): string {
    return new Date(this.#at(wall)).toISOString().slice(0, 10);
  }

  /** A span of wall milliseconds in hours of the grid, e.g. `5.0 h`. */
  hours(span: number): string {
    return `${((span * this.#options.speed) / 3_600_000).toFixed(1)} h`;
  }

  /** What the Signal in force says of the regions with nodes. */
  async now(): Promise<Intensities> {
    const { lowtide, policy, regions } = this.#options;
    const samples = await Samples.of(lowtide.operations);
    const known = regions.flatMap((region): [Region, number][] => {
      const zone = policy.regions.get(region)?.zone;
      const value = zone === undefined ? null : samples.find('lowtide_intensity_grams_per_kwh', { zone });
      return value === null ? [] : [[region, value]];
    });
    return new Map(known.toSorted(([, a], [, b]) => a - b));
  }

  /** When the Signal last changed before a wall time. */
  async turnBefore(wall: number): Promise<number> {
    const before = (await turns(this.#options.lowtide)).filter((turn) => turn <= wall);
    return before.at(-1) ?? this.#since;
  }

  #at(wall: number): number {
    return this.#options.start + (wall - this.#since) * this.#options.speed;
  }
}

/** Wall times of the Signal's changes, by Lowtide's log, which is written in blocks and so lags a little. */
async function turns(lowtide: LowtideProcess): Promise<readonly number[]> {
  const generation = (await Samples.of(lowtide.operations)).find('lowtide_signal_generation') ?? 0;
  for (;;) {
    const changes = (await lowtide.log()).filter(({ msg }) => msg === 'signal changed');
    if (changes.length >= generation) return changes.map(({ time }) => Number(time));
    await sleep(LOG_POLL_MS);
  }
}

/** `eu-central-1 247 · eu-south-2 248 · …` */
export function gridLine(intensities: Intensities): string {
  return [...intensities].map(([region, value]) => `${region} ${value.toFixed(0)}`).join(' · ');
}

/** The mean over some regions; null where nothing is known of any. */
export function meanOver(intensities: Intensities, regions: readonly Region[]): number | null {
  const known = regions.map((region) => intensities.get(region)).filter((value) => value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
