import { writeFile } from 'node:fs/promises';
import type { SimulationInput } from '../../../simulation/input.ts';
import type { Report } from '../../../simulation/report.ts';
import { pngOf } from '../../intensity/chart/png.ts';
import type { Outcome } from '../outcome.ts';
import type { ChartFile, SimulateOptions } from '../options.ts';
import { unwritable } from '../output/unwritable.ts';
import { sweepSvg } from './sweep-svg.ts';
import { timelineOf } from './timeline.ts';
import { timelineSvg } from './timeline-svg.ts';

/** What is drawn. */
export interface Drawn extends Outcome {
  readonly input: SimulationInput;
  readonly options: Pick<SimulateOptions, 'baseline' | 'price'>;
}

/**
 * Draws emissions and queue over time, or the sweep where there is one, into a file.
 * @throws UsageError where it cannot be written.
 */
export async function writeChart({ file, format }: ChartFile, drawn: Drawn): Promise<void> {
  const svg = chartSvg(drawn);
  try {
    await writeFile(file, format === 'svg' ? svg : pngOf(svg));
  } catch (error) {
    throw unwritable('--chart', file, error);
  }
}

/** The picture as SVG. */
export function chartSvg({ input, simulation, report, sweep, options: { baseline, price } }: Drawn): string {
  if (sweep !== null) return sweepSvg(sweep, subtitle(input, report));
  const saved = report.schedule.reductionPct;
  const words = [
    subtitle(input, report),
    ...(price === null ? [] : [`price: ${price} g/kWh an hour`]),
    ...(saved === null ? [] : [`${saved.toFixed(1)} % less than the baseline`]),
  ];
  return timelineSvg(timelineOf({ input, simulation, baseline }), words.join(' · '));
}

function subtitle({ strategy }: SimulationInput, { jobs, unbillable, forecast, baseline }: Report): string {
  return [
    `${jobs - unbillable} jobs`,
    `strategy: ${strategy ?? "each class's own"}`,
    `forecast: ${forecast.kind}${forecast.nowcast ? '' : ', current slot not known'}`,
    `baseline: ${baseline.kind === 'random' ? 'any permitted region' : 'home'}, at arrival`,
  ].join(' · ');
}
