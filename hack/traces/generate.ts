/**
 * Writes a synthetic trace, or with --check fails if the file is not what would be written. docs/traces.md says how the
 * days are made: node hack/traces/generate.ts [--seed 1] [--days 28] [--start TIME] [--out FILE] [--check]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { traceCsv } from './csv.ts';
import type { TraceRequest } from './csv.ts';

const SHIPPED = fileURLToPath(new URL('../../config/traces/grid-28d.csv', import.meta.url));
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '28' },
    start: { type: 'string', default: '2026-03-02T00:00:00Z' },
    out: { type: 'string', default: SHIPPED },
    check: { type: 'boolean', default: false },
  },
});

function request(): TraceRequest {
  const [seed, days, start] = [Number(options.seed), Number(options.days), Date.parse(options.start)];
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new Error('--seed takes an integer from 0 to 2^32-1');
  if (!Number.isInteger(days) || days < 1 || days > 366) throw new Error('--days takes an integer from 1 to 366');
  if (Number.isNaN(start) || start % 3_600_000 !== 0)
    throw new Error('--start takes a whole hour, 2026-03-02T00:00:00Z');
  return { seed, days, start };
}

async function main(): Promise<number> {
  const csv = traceCsv(request());
  const name = relative(process.cwd(), options.out);
  if (!options.check) {
    await writeFile(options.out, csv);
    console.log(`${name}: ${csv.length} bytes`);
    return 0;
  }
  if ((await readFile(options.out, 'utf8')) === csv) return 0;
  console.error(`${name} is not what hack/traces/generate.ts writes: run it without --check and commit the file`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
