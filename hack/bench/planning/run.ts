/**
 * What planning saves, measured by `lowtide simulate` as anybody would run it: the seed-000 scenario, Let's Wait Awhile, the
 * weeks of GAIA, and how long a million jobs take. A Markdown table: benchmark, known, goal, measured (mean [least–most]),
 * reached, command. What is drawn at random is averaged over the seeds.
 * node hack/bench/planning/run.ts [--traces DIR] [--only seed,wait-awhile,gaia,speed] [--seeds 10] [--jobs 10000,100000,1000000]
 *   [--keep DIR] [--json FILE]
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../flags.ts';
import { GAIA_FILES } from './gaia-files.ts';
import { gaiaRows } from './gaia-rows.ts';
import { tableOf } from './row.ts';
import type { Ground, Row } from './row.ts';
import { seedRows } from './seed-rows.ts';
import { speedRows } from './speed-rows.ts';
import { WAIT_AWHILE_FILES, waitAwhileRows } from './wait-awhile-rows.ts';

const { values: options } = parseArgs({
  options: {
    traces: { type: 'string' },
    only: { type: 'string', default: 'seed,wait-awhile,gaia,speed' },
    seeds: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '10000,100000,1000000' },
    keep: { type: 'string' },
    json: { type: 'string' },
  },
});

interface Part {
  /** Of the traces folder. */
  readonly files: readonly string[];
  readonly rows: (ground: Ground, traces: string) => Promise<readonly Row[]>;
}

const PARTS: Readonly<Record<string, Part>> = {
  seed: { files: [], rows: seedRows },
  'wait-awhile': { files: WAIT_AWHILE_FILES, rows: waitAwhileRows },
  gaia: { files: GAIA_FILES, rows: gaiaRows },
  speed: {
    files: [],
    rows: (ground) =>
      speedRows(
        ground,
        options.jobs.split(',').map((count) => wholeNumber('jobs', count)),
      ),
  },
};

async function main(): Promise<void> {
  const traces = options.traces ?? null;
  const scratch = options.keep ?? (await mkdtemp(join(tmpdir(), 'lowtide-planning-')));
  const seeds = Array.from({ length: wholeNumber('seeds', options.seeds) }, (_, seed) => seed);
  const rows: Row[] = [];
  try {
    for (const [name, part] of chosenParts()) rows.push(...(await measured(name, part, { traces, scratch, seeds })));
  } finally {
    if (options.keep === undefined) await rm(scratch, { recursive: true, force: true });
  }
  console.log(`\n${tableOf(rows)}`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  const missed = rows.filter(({ reached }) => reached === false);
  for (const { benchmark } of missed) console.log(`goal missed: ${benchmark}`);
}

function chosenParts(): readonly (readonly [string, Part])[] {
  return options.only.split(',').map((name) => {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`--only takes some of ${Object.keys(PARTS).join(', ')}`);
    return [name, part];
  });
}

async function measured(name: string, { files, rows }: Part, ground: Ground): Promise<readonly Row[]> {
  const { traces } = ground;
  const missing = files.filter((file) => traces === null || !existsSync(join(traces, file)));
  if (missing.length > 0) {
    const where = traces === null ? 'no folder of traces was named' : `${traces} lacks ${missing.join(', ')}`;
    console.log(`${name}: left out, ${where}: make bench-planning TRACES=DIR with ${files.join(' and ')} in it`);
    return [];
  }
  console.log(`${name}: running`);
  const began = performance.now();
  const found = await rows(ground, traces ?? '');
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return found;
}

await main();
