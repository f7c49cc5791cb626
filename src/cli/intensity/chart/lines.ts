import { area, curveStepAfter, line } from 'd3-shape';
import type { ForecastStep } from '../../../carbon/types.ts';
import type { Instant } from '../../../carbon/units.ts';
import type { Layout } from './layout.ts';
import { px } from './layout.ts';
import type { PictureSeries } from './picture.ts';

/** Okabe and Ito's colours, which people with any colour vision tell apart; without their yellow, which white swallows. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#b8860b', '#404040'] as const;

/** The colour of the line at a place; from the eighth on they come again, dashed. */
export function colourOf(index: number): { readonly stroke: string; readonly dashed: boolean } {
  return { stroke: COLOURS[index % COLOURS.length] ?? COLOURS[0], dashed: index >= COLOURS.length };
}

interface Corner {
  readonly at: Instant;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The interval of a line's forecast, where it has one. */
export function bandMarks({ ahead }: PictureSeries, index: number, { x, y }: Layout): string {
  const shape = area<Corner>()
    .x(({ at }) => x(at))
    .y0(({ low }) => y(low))
    .y1(({ high }) => y(high))
    .curve(curveStepAfter)
    .digits(1);
  return runsOf(ahead.filter(({ low, high }) => low !== undefined && high !== undefined))
    .map((run) => `<path class="band" d="${shape(run) ?? ''}" fill="${colourOf(index).stroke}" fill-opacity="0.14"/>`)
    .join('');
}

/** A line: level over each step, broken at gaps. */
export function lineMarks(series: PictureSeries, index: number, { x, y }: Layout): string {
  const { stroke, dashed } = colourOf(index);
  const shape = line<Corner>()
    .x(({ at }) => x(at))
    .y(({ value }) => y(value))
    .curve(curveStepAfter)
    .digits(1);
  const dashes = dashed ? ' stroke-dasharray="6 3"' : '';
  const style = `fill="none" stroke="${stroke}" stroke-width="2"${dashes} stroke-linejoin="round"`;
  return runsOf([...series.past, ...series.ahead])
    .map((run) => `<path class="line" d="${shape(run) ?? ''}" ${style}/>`)
    .join('');
}

/** A dot at the value of now. */
export function dotMark(
  series: PictureSeries,
  index: number,
  { x, y, now }: Layout & { readonly now: Instant },
): string {
  const { stroke } = colourOf(index);
  return `<circle cx="${px(x(now))}" cy="${px(y(series.now))}" r="4.5" fill="${stroke}" stroke="#ffffff" stroke-width="1.5"/>`;
}

/** Steps that follow one another without a gap, as corners: each step's start, and the end of the last. */
function runsOf(steps: readonly ForecastStep[]): readonly (readonly Corner[])[] {
  const runs: Corner[][] = [];
  let end: Instant | null = null;
  for (const step of steps) {
    if (end !== step.start) runs.push([]);
    else runs.at(-1)?.pop();
    runs.at(-1)?.push(cornerAt(step.start, step), cornerAt(step.end, step));
    end = step.end;
  }
  return runs;
}

function cornerAt(at: Instant, { value, low = value, high = value }: ForecastStep): Corner {
  return { at, value, low, high };
}
