import { extname } from 'node:path';
import { region } from '../../carbon/units.ts';
import type { Region } from '../../carbon/units.ts';
import { FORECASTS, parseForecast } from '../../simulation/forecast/spec.ts';
import type { ForecastSpec } from '../../simulation/forecast/spec.ts';
import type { DurationsShown } from '../../simulation/input.ts';
import type { BaselineKind } from '../../simulation/problems.ts';
import type { Decider } from '../../simulation/terms.ts';
import { UsageError } from '../usage-error.ts';
import { contradictions } from './contradictions.ts';
import type { GenerateRequest } from './generate.ts';
import { DECIDERS } from './names.ts';

/** The command line's flags, as typed. */
export interface SimulateFlags {
  readonly jobs?: string;
  readonly intensity?: string;
  readonly policy?: string;
  readonly strategy?: string;
  readonly forecast?: string;
  readonly nowcast?: string | true;
  readonly durations?: string;
  readonly baseline?: string;
  readonly price?: string;
  readonly sweep?: boolean;
  readonly capacity?: readonly string[];
  readonly seed?: string;
  readonly out?: string;
  readonly chart?: string;
  readonly json?: boolean;
  readonly generate?: string;
}

/** A picture to be written. */
export interface ChartFile {
  readonly file: string;
  readonly format: 'svg' | 'png';
}

/** What `lowtide simulate` works with. */
export interface SimulateOptions {
  readonly jobs: string;
  readonly intensity: string;
  /** Null: the one that ships with Lowtide, with every region of the shipped table. */
  readonly policy: string | null;
  /** Null: each job's class says. */
  readonly strategy: Decider | null;
  readonly forecast: ForecastSpec;
  readonly nowcast: boolean;
  readonly durations: DurationsShown;
  readonly baseline: BaselineKind;
  /** Null: each class's own. */
  readonly price: number | null;
  readonly sweep: boolean;
  readonly capacity: ReadonlyMap<Region, number>;
  readonly seed: number;
  readonly out: string | null;
  readonly chart: ChartFile | null;
  readonly json: boolean;
}

/** What is to be done: a scenario written, or a simulation run. */
export type SimulateRequest =
  | { readonly kind: 'generate'; readonly request: GenerateRequest }
  | { readonly kind: 'simulate'; readonly options: SimulateOptions };

const MOST_SEED = 2 ** 32 - 1;

/**
 * Reads the flags.
 * @throws UsageError with a line for everything that is not accepted.
 */
export function simulateRequest(flags: SimulateFlags): SimulateRequest {
  const problems = [...contradictions(flags)];
  const read = new FlagReader(problems);
  const seed = read.number('seed', flags.seed ?? '0', {
    accepts: (value) => Number.isInteger(value) && value >= 0 && value <= MOST_SEED,
    wanted: 'a whole number from 0 to 4294967295',
  });
  if (flags.generate !== undefined) {
    if (problems.length > 0) throw new UsageError(problems);
    return { kind: 'generate', request: { name: flags.generate, seed, folder: flags.out ?? '.' } };
  }
  const options = { ...filesOf(flags), ...conditionsOf(flags, read), ...outputsOf(flags, read), seed };
  if (problems.length > 0) throw new UsageError(problems);
  return { kind: 'simulate', options };
}

type Files = Pick<SimulateOptions, 'jobs' | 'intensity' | 'policy'>;

function filesOf({ jobs = '', intensity = '', policy }: SimulateFlags): Files {
  return { jobs, intensity, policy: policy ?? null };
}

type Conditions = Pick<
  SimulateOptions,
  'strategy' | 'forecast' | 'nowcast' | 'durations' | 'baseline' | 'price' | 'sweep' | 'capacity'
>;

function conditionsOf(flags: SimulateFlags, read: FlagReader): Conditions {
  const { strategy, durations = 'known', baseline = 'random', nowcast = true, price } = flags;
  return {
    strategy: strategy === undefined ? null : read.choice('strategy', strategy, DECIDERS),
    forecast: read.forecast(flags.forecast ?? 'rolling'),
    nowcast: nowcast === true || read.choice('nowcast', nowcast, ['true', 'false']) === 'true',
    durations: read.choice('durations', durations, ['known', 'class', 'unknown']),
    baseline: read.choice('baseline', baseline, ['random', 'home']),
    price: price === undefined ? null : read.number('price', price, NOT_NEGATIVE),
    sweep: flags.sweep === true,
    capacity: read.capacity(flags.capacity ?? []),
  };
}

type Outputs = Pick<SimulateOptions, 'out' | 'chart' | 'json'>;

function outputsOf({ out, chart, json }: SimulateFlags, read: FlagReader): Outputs {
  return { out: out ?? null, chart: chart === undefined ? null : read.chart(chart), json: json === true };
}

interface Accepted {
  readonly accepts: (value: number) => boolean;
  readonly wanted: string;
}

const NOT_NEGATIVE: Accepted = {
  accepts: (value) => value >= 0 && value < Infinity,
  wanted: 'gCO2eq per kWh and hour of delay from 0 up, such as 2.5',
};

/** Reads values of flags, and collects what is wrong with them. */
class FlagReader {
  readonly #problems: string[];

  constructor(problems: string[]) {
    this.#problems = problems;
  }

  choice<Name extends string>(flag: string, text: string, names: readonly Name[]): Name {
    const found = names.find((name) => name === text);
    if (found === undefined) this.#problems.push(`--${flag} ${text}: expected ${names.join(', ')}`);
    return found ?? (text as Name);
  }

  number(flag: string, text: string, { accepts, wanted }: Accepted): number {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!accepts(value)) this.#problems.push(`--${flag} ${text}: expected ${wanted}`);
    return value;
  }

  forecast(text: string): ForecastSpec {
    const spec = parseForecast(text);
    if (spec === null) this.#problems.push(`--forecast ${text}: expected ${FORECASTS}`);
    return spec ?? { kind: 'none' };
  }

  chart(file: string): ChartFile {
    const ending = extname(file).toLowerCase();
    if (ending === '.svg' || ending === '.png') return { file, format: ending === '.svg' ? 'svg' : 'png' };
    this.#problems.push(`--chart ${file}: expected a file that ends in .svg or .png`);
    return { file, format: 'svg' };
  }

  capacity(texts: readonly string[]): ReadonlyMap<Region, number> {
    const limits = new Map<Region, number>();
    for (const text of texts) {
      const [, name = '', digits = ''] = /^([^=]+)=(\d{1,9})$/.exec(text) ?? [];
      const limit = Number(digits);
      if (name === '' || limit === 0) {
        this.#problems.push(`--capacity ${text}: expected REGION=N, N a whole number from 1 up, such as us-east-1=20`);
      } else if (limits.has(region(name))) {
        this.#problems.push(`--capacity ${text}: ${name} has a limit already: give each region one`);
      }
      limits.set(region(name), limit);
    }
    return limits;
  }
}
