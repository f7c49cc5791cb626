import { readFile } from 'node:fs/promises';
import { parseTrace } from './schema.ts';
import type { TraceDemands, TraceResult } from './schema.ts';

/** Reads a trace file whole. A file that cannot be read is an outcome like any other error in it. */
export async function readTrace(file: string, demands: TraceDemands = {}): Promise<TraceResult> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return {
      ok: false,
      problems: [{ line: null, message: `cannot be read (${why}): name a readable CSV file` }],
      more: 0,
    };
  }
  return parseTrace(text, demands);
}
