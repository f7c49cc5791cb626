import { writeFile } from 'node:fs/promises';
import type { Policy } from '../../../policy/types.ts';
import { UsageError } from '../../usage-error.ts';
import type { ChartFile } from '../options.ts';
import type { Shown } from '../show.ts';
import { pictureOf } from './picture.ts';
import { pngOf } from './png.ts';
import { chartSvg } from './svg.ts';

/**
 * Draws one look at the sources into a file.
 * @throws UsageError where it cannot be written.
 */
export async function writeChart({ file, format }: ChartFile, shown: Shown, policy: Policy): Promise<void> {
  const svg = chartSvg(pictureOf(shown, policy));
  try {
    await writeFile(file, format === 'svg' ? svg : pngOf(svg));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError([`--chart ${file}: cannot be written (${why})`]);
  }
}
