import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uniformStream } from '../../../src/simulation/random.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2025-01-01T00:00:00Z');
const HOURS = 365 * 24;
/** The last days are kept free, so that every job can end. */
const ARRIVALS = (HOURS - 4 * 24) * HOUR_MS;
const REGIONS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'ap-southeast-2',
] as const;
/** Jobs written at once. */
const CHUNK = 10_000;

/** A year of eight hourly grids with sun and weather. */
export async function writeYear(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const random = uniformStream(1, 'weather');
  const weather = REGIONS.map(() => 0);
  const lines = [`time,${REGIONS.join(',')}`];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const values = REGIONS.map((_, r) => {
      weather[r] = 0.95 * (weather[r] ?? 0) + 30 * (random() + random() - 1);
      const sun = -80 * Math.max(0, Math.sin((((hour + 3 * r) % 24) / 24 - 0.25) * 2 * Math.PI));
      return Math.max(5, 200 + 40 * r + sun + (weather[r] ?? 0)).toFixed(1);
    });
    lines.push(`${new Date(START + hour * HOUR_MS).toISOString()},${values.join(',')}`);
  }
  const file = join(folder, 'intensity.csv');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/** So many jobs over that year: of the shipped policy's classes, from some minutes to a day long, three in ten bound to the EU. */
export async function writeJobs(folder: string, count: number): Promise<string> {
  const file = join(folder, `jobs-${count}.csv`);
  const stream = createWriteStream(file);
  stream.write('id,arrival,class,duration_min,energy_kwh,residency\n');
  const random = uniformStream(2, 'jobs');
  for (let first = 0; first < count; first += CHUNK) {
    const jobs = Array.from({ length: Math.min(CHUNK, count - first) }, (_, i) => jobLine(first + i, random));
    if (!stream.write(jobs.join(''))) await once(stream, 'drain');
  }
  await ended(stream);
  return file;
}

function jobLine(index: number, random: () => number): string {
  const arrival = new Date(START + Math.floor((random() * ARRIVALS) / 60_000) * 60_000).toISOString();
  const draw = random();
  const workClass = draw < 0.1 ? 'urgent' : draw < 0.5 ? 'standard' : 'deferrable';
  const minutes = Math.max(5, Math.round(1440 * random() ** 3));
  const residency = random() < 0.3 ? 'eu-strict' : 'global';
  return `job-${index},${arrival},${workClass},${minutes},${(0.1 + 0.4 * random()).toFixed(3)},${residency}\n`;
}

async function ended(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'close');
}
