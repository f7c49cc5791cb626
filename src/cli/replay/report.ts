import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { reasonOf } from '../../kubernetes/errors.ts';
import type { CommandIo } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { csvLine, HEADER } from './csv.ts';
import type { ReplayOptions } from './options.ts';
import { shownTime } from './past-job.ts';
import type { PastJob } from './past-job.ts';
import { intensityWanted, nextCommand } from './summary.ts';
import type { ReplaySummary } from './summary.ts';

interface Reporting {
  readonly options: ReplayOptions;
  readonly io: CommandIo;
}

/** Writes the jobs, in the order of their arrival, and says what became of the others and what comes next. */
export async function report(
  jobs: readonly PastJob[],
  summary: ReplaySummary,
  { options, io }: Reporting,
): Promise<void> {
  const { out, json } = options;
  for (const note of summary.notes()) io.err(`lowtide: ${note}`);
  if (jobs.length === 0) {
    io.err('lowtide: no finished Job to replay, nothing written');
    io.exit(1);
    return;
  }
  const lines = [HEADER, ...jobs.toSorted((a, b) => a.arrival - b.arrival).map(csvLine)];
  const tell = (line: string): void => {
    if (out === '-') io.err(line);
    else io.out(line);
  };
  if (out === '-') for (const line of lines) io.out(line);
  else await write(out, lines);
  if (json) io.out(JSON.stringify(asJson(summary, out), null, 2));
  else for (const line of words(summary, out)) tell(line);
}

function words(summary: ReplaySummary, out: string): readonly string[] {
  const { jobs, energyKwh, withHome } = summary;
  const known = withHome === jobs ? '' : `, home region known of ${withHome}`;
  return [
    `${jobs} jobs, ${energyKwh.toPrecision(3)} kWh${known}, written to ${out}`,
    `next: ${nextCommand(out)}`,
    intensityWanted(summary),
  ];
}

function asJson(summary: ReplaySummary, out: string): unknown {
  const { jobs, energyKwh, withHome, skipped, energyFrom } = summary;
  const span = summary.span();
  return {
    ...{ jobs, energyKwh, energyFrom: Object.fromEntries(energyFrom), withHomeRegion: withHome },
    ...{ skipped: Object.fromEntries(skipped), notes: summary.notes() },
    span: span === null ? null : { first: shownTime(span.first), last: shownTime(span.last) },
    ...{ out, next: nextCommand(out) },
  };
}

async function write(file: string, lines: readonly string[]): Promise<void> {
  const stream = createWriteStream(file);
  const done = finished(stream);
  for (const line of lines) stream.write(`${line}\n`);
  stream.end();
  await done.catch((error: unknown) => {
    throw new UsageError([`--out ${file}: cannot be written (${reasonOf(error)})`]);
  });
}
