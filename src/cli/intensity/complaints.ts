import { unmappedMessage } from '../../carbon/zone-names.ts';
import type { NameSystem, NamingContext } from '../../carbon/zone-names.ts';
import type { FailureReason } from '../../sources/failure.ts';
import type { ProviderConfig } from '../sources/config.ts';
import { covers, variablesFor } from './environment.ts';
import type { Trouble } from './failures.ts';
import type { IntensityRow } from './rows.ts';

/** What complaints are made of. */
export interface Grievances {
  readonly rows: readonly IntensityRow[];
  readonly troubles: readonly Trouble[];
  readonly providers: readonly ProviderConfig[];
  readonly naming: Omit<NamingContext, 'overrides'>;
  /** Null: the sources stand in a file, and so do their credentials. */
  readonly env: NodeJS.ProcessEnv | null;
}

/** Whose names of zones each provider goes by; a source without an entry takes zones as they are. */
const SYSTEMS: Readonly<Partial<Record<ProviderConfig['key'], NameSystem>>> = {
  electricityMaps: 'electricity-maps',
  wattTime: 'watttime',
  gbCarbonIntensity: 'gb',
  carbonAwareSdk: 'azure',
  entsoe: 'entsoe',
  eia: 'eia',
};

/** One line for a person for each thing that keeps a value from being known, and what to do. */
export function complaintLines(grievances: Grievances): readonly string[] {
  return [...troubleLines(grievances.troubles), ...unnamedLines(grievances), ...sourcelessLines(grievances)];
}

const NOT_ASKED: Readonly<Partial<Record<FailureReason, (source: string) => string>>> = {
  'over-budget': (source) =>
    `${source} was not asked: over-budget: that would pass its limit of requests; ask for fewer regions, or again in a minute`,
  'circuit-open': (source) => `${source} was not asked: circuit-open: it failed before`,
};

/** Zones that failed alike, of one source, share a line. */
function troubleLines(troubles: readonly Trouble[]): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { source, reason, message, zone } of troubles) {
    const key = NOT_ASKED[reason]?.(source) ?? [`${source} failed`, reason, message].filter(Boolean).join(': ');
    lines.set(key, [...(lines.get(key) ?? []), zone]);
  }
  return Array.from(lines, ([line, zones]) => `${line} (${zones.join(', ')})`);
}

/** Of rows without a value alone: where another source answers, a name is not missed. */
function unnamedLines({ rows, providers, naming, env }: Grievances): readonly string[] {
  const lost = rows.filter(({ reading }) => reading.state === 'unknown' && reading.reason === 'zone-unmapped');
  const lines = lost.flatMap(({ target: { zone } }) =>
    providers.flatMap(({ key, id, settings }) => {
      // Nobody chose whom the environment has: of zones that he does not cover no name of his is missed.
      if (env !== null && !covers(key, zone, naming.table)) return [];
      const system = SYSTEMS[key];
      const overrides = new Map(Object.entries(settings.zones));
      const message = system === undefined ? null : unmappedMessage(system, { ...naming, overrides }, zone);
      return message === null ? [] : [`${id}: ${message}`];
    }),
  );
  return [...new Set(lines)];
}

const SOURCELESS = new Set(['no-source', 'zone-unmapped']);

function sourcelessLines(grievances: Grievances): readonly string[] {
  return grievances.rows
    .filter(({ reading }) => reading.state === 'unknown' && SOURCELESS.has(reading.reason))
    .map((row) => `${placeOf(row)}: ${remedy(row, grievances)}${averageWords(row)}`);
}

function placeOf({ target: { name, region, zone } }: IntensityRow): string {
  return region === null ? zone : `${name} (zone ${zone})`;
}

function remedy({ target }: IntensityRow, { env, naming }: Grievances): string {
  if (env === null) return 'no source of the configuration names it';
  const ways = variablesFor(target.zone, env, naming.table).map((names) => names.join(' and '));
  return `no source: set ${ways.join(', or ')}, or name sources with --config`;
}

/** The shipped average is said for what it is: it stands in for no value of now. */
function averageWords({ target: { row } }: IntensityRow): string {
  const { averageIntensity = null, averageYear = null } = row ?? {};
  if (averageIntensity === null || averageYear === null) return '';
  return `; its average of the year ${averageYear} was ${Math.round(averageIntensity)} g/kWh, which says nothing of now`;
}
