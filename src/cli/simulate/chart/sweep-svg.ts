import { scaleLinear } from 'd3-scale';
import type { ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { px } from '../../intensity/chart/layout.ts';
import { textAt } from '../../intensity/chart/text.ts';
import type { SweepPoint } from '../sweep.ts';
import { COLOURS, drawing, GREY, headMarks, LEFT, numberAxis, RIGHT, valueAxis } from './axes.ts';
import type { Panel } from './axes.ts';

const PLOT: Panel = { top: 110, bottom: 520 };
const HEIGHT = 590;
const HEADROOM = 1.08;
const MINUTES = 60;
const TITLE = 'What waiting saves';

/** Draws what each price bought as SVG: saving against delay, with what no schedule can beat, and what place alone saves. */
export function sweepSvg(sweep: readonly SweepPoint[], subtitle: string): string {
  const points = sweep.map(pointOf).sort((a, b) => a.hours - b.hours);
  const { oracle, space } = boundsOf(sweep);
  const values = [...points.map(({ saved }) => saved), oracle, space];
  const x = scaleLinear([0, Math.max(0.1, ...points.map(({ hours }) => hours)) * HEADROOM], [LEFT, RIGHT]);
  const y = scaleLinear([Math.min(0, ...values), Math.max(1, ...values) * HEADROOM], [PLOT.bottom, PLOT.top]);
  return drawing(TITLE, HEIGHT, [
    headMarks(TITLE, subtitle),
    valueAxis(y, PLOT, '% less CO₂eq than the baseline'),
    numberAxis(x, PLOT, 'mean delay, hours; beside each point its price, gCO₂eq per kWh and hour of delay'),
    levelMark(oracle, `oracle ${oracle.toFixed(1)} %`, { y, stroke: COLOURS.oracle, name: 'oracle' }),
    levelMark(space, `cleanest region at arrival ${space.toFixed(1)} %`, {
      y,
      stroke: COLOURS.baseline,
      name: 'space',
    }),
    curveMark(points, x, y),
    ...points.map((point) => pointMark(point, x, y)),
    priceMarks(points, x, y),
  ]);
}

interface Point {
  readonly price: number;
  readonly hours: number;
  readonly saved: number;
}

function pointOf({ price, report: { schedule } }: SweepPoint): Point {
  return { price, hours: (schedule.meanDelayMin ?? 0) / MINUTES, saved: schedule.reductionPct ?? 0 };
}

/** The same at every price. */
function boundsOf(sweep: readonly SweepPoint[]): { readonly oracle: number; readonly space: number } {
  const { oracle, space } = sweep[0]?.report ?? {};
  return { oracle: oracle?.reductionPct ?? 0, space: space?.reductionPct ?? 0 };
}

interface Level {
  readonly y: ScaleLinear<number, number>;
  readonly stroke: string;
  readonly name: string;
}

function levelMark(value: number, words: string, { y, stroke, name }: Level): string {
  const path = `M${px(LEFT)},${px(y(value))}H${px(RIGHT)}`;
  const style = { size: 12, fill: stroke, anchor: 'end', bold: true } as const;
  return (
    `<path class="${name}" d="${path}" stroke="${stroke}" stroke-width="1.5" stroke-dasharray="5 3"/>` +
    textAt(px(RIGHT), px(y(value) - 6), words, style)
  );
}

function curveMark(points: readonly Point[], x: Scale, y: Scale): string {
  const shape = line<Point>()
    .x(({ hours }) => x(hours))
    .y(({ saved }) => y(saved))
    .digits(1);
  return `<path class="curve" d="${shape(points) ?? ''}" fill="none" stroke="${COLOURS.schedule}" stroke-width="2"/>`;
}

type Scale = ScaleLinear<number, number>;

function pointMark({ hours, saved }: Point, x: Scale, y: Scale): string {
  return `<circle cx="${px(x(hours))}" cy="${px(y(saved))}" r="4" fill="${COLOURS.schedule}"/>`;
}

/** Pixels that a price takes; where points lie closer, the first alone is named. */
const PRICE_WIDTH = 26;

function priceMarks(points: readonly Point[], x: Scale, y: Scale): string {
  let free = -Infinity;
  return points
    .toReversed()
    .map(({ price, hours, saved }) => {
      const at = x(hours);
      if (Math.abs(free - at) < PRICE_WIDTH) return '';
      free = at;
      return textAt(px(at + 7), px(y(saved) + 15), String(price), { size: 11, fill: GREY });
    })
    .join('');
}
