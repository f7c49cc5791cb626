/**
 * Requests that a day of the carbon signal takes, in virtual time: the real providers, chain, limits and set-asides on
 * APIs that answer within this process; limits are those of the configuration's defaults. By one replica that counts for
 * itself, and by a leader among three that dies twice with a whole round sent and nothing of it published. Followers send
 * nothing and are not simulated, nor are the ConfigMaps between them.
 * node hack/bench/signal/run.ts [--regions 60] [--hours 24] [--json FILE]
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { instant } from '../../../src/carbon/units.ts';
import type { Wanted } from '../../../src/carbon/types.ts';
import { wholeNumber } from '../flags.ts';
import { SETTINGS, someRegions, SOURCE_IDS } from './grid-world.ts';
import type { Regions, SourceId } from './grid-world.ts';
import { HandClock, SignalRun } from './replicas.ts';
import { Tally } from './tally.ts';

const { values: options } = parseArgs({
  options: {
    regions: { type: 'string', default: '60' },
    hours: { type: 'string', default: '24' },
    json: { type: 'string' },
  },
});
const HOUR = 3_600_000;
/** Midnight, so that the allowance of one day must do. */
const START = instant(Date.parse('2026-03-02T00:00:00Z'));
const WANTED: readonly Wanted[] = [
  { kind: 'average', factor: 'lifecycle' },
  { kind: 'marginal', factor: 'direct' },
  { kind: 'average', factor: 'direct' },
];

interface Row {
  readonly wanted: string;
  readonly replicas: number;
  readonly source: SourceId;
  readonly requests: number;
  readonly busiestDay: number;
  readonly perDay: number | null;
  readonly busiestMinute: number;
  readonly perMinute: number | null;
}

async function main(): Promise<void> {
  const regions = someRegions(wholeNumber('regions', options.regions));
  console.log(`${regions.regions.size} regions on ${regions.zones.length} zones, ${options.hours} h in virtual time`);
  const rows: Row[] = [];
  for (const wanted of WANTED) {
    for (const replicas of [1, 3]) rows.push(...(await day(regions, wanted, replicas)));
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  if (rows.some((row) => over(row.busiestDay, row.perDay) || over(row.busiestMinute, row.perMinute))) {
    throw new Error('a limit was exceeded');
  }
}

async function day(regions: Regions, wanted: Wanted, replicas: number): Promise<readonly Row[]> {
  const clock = new HandClock(START);
  const tally = new Tally();
  const backends = {
    regions,
    now: clock.now,
    sent: (source: SourceId) => {
      tally.sent(source, clock.at);
    },
  };
  const hours = wholeNumber('hours', options.hours);
  const deaths = replicas === 1 ? [] : [1 / 3, 2 / 3].map((share) => instant(START + share * hours * HOUR));
  const began = performance.now();
  await new SignalRun({ backends, clock, wanted, replicas, deaths, tally }).until(instant(START + hours * HOUR));
  const seconds = (performance.now() - began) / 1000;
  const name = `${wanted.kind}, ${wanted.factor}`;
  const { served, fresh, kept, unknown } = tally.shares(regions.zones.length);
  console.log(
    `\nranked by ${name}; replicas: ${replicas}; leader died: ${deaths.length} times; simulated in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `  ${served} zones have such a value: fresh ${percent(fresh)} of the time, kept ${percent(kept)}, unknown ${percent(unknown)}`,
  );
  const rows = SOURCE_IDS.map((source) => rowOf(name, replicas, source, tally));
  for (const row of rows) console.log(`  ${lineOf(row)}`);
  return rows;
}

function rowOf(wanted: string, replicas: number, source: SourceId, tally: Tally): Row {
  const { requestsPerDay: perDay, requestsPerMinute: perMinute } = SETTINGS[source];
  const [busiestDay, busiestMinute] = [tally.busiestDay(source), tally.busiestMinute(source)];
  return { wanted, replicas, source, requests: tally.requests(source), busiestDay, perDay, busiestMinute, perMinute };
}

function lineOf({ source, requests, busiestDay, perDay, busiestMinute, perMinute }: Row): string {
  const [day, minute] = [`${busiestDay} of ${perDay ?? 'any'}`, `${busiestMinute} of ${perMinute ?? 'any'}`];
  return `${source.padEnd(17)} ${String(requests).padStart(6)} requests; busiest day ${day}; busiest minute ${minute}`;
}

function over(count: number, limit: number | null): boolean {
  return limit !== null && count > limit;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

await main();
