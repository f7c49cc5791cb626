import { scaleLinear, scaleUtc } from 'd3-scale';
import type { ScaleLinear, ScaleTime } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { at } from '../../../carbon/forecast/vectors.ts';
import { COLOURS, dashed, drawing, headMarks, keyMarks, LEFT, lineKey, RIGHT, timeAxis, valueAxis } from './axes.ts';
import type { Panel } from './axes.ts';
import type { Timeline } from './timeline.ts';

const EMISSIONS: Panel = { top: 130, bottom: 370 };
const QUEUE: Panel = { top: 460, bottom: 660 };
const HEIGHT = 710;
const HEADROOM = 1.08;
const TITLE = 'Emissions and queue over time';

/** Draws a timeline as SVG; the same timeline is always the same text. */
export function timelineSvg(timeline: Timeline, subtitle: string): string {
  const { start, span, emissions, running, waiting } = timeline;
  const end = start + span * waiting.length;
  const x = scaleUtc([start, end], [LEFT, RIGHT]);
  const above = panel([emissions.baseline, emissions.schedule], EMISSIONS);
  const below = panel([running.baseline, running.schedule, waiting], QUEUE);
  const steps = (values: Float64Array): readonly Step[] => stepsOf(values, timeline);
  return drawing(TITLE, HEIGHT, [
    headMarks(TITLE, subtitle),
    keyMarks(EMISSION_KEY, 90),
    valueAxis(above, EMISSIONS, 'kg CO₂eq an hour'),
    areaMark(steps(emissions.schedule), { x, y: above, fill: COLOURS.schedule, name: 'emissions' }),
    lineMark(steps(emissions.baseline), { x, y: above, ...BASELINE, name: 'emissions baseline' }),
    lineMark(steps(emissions.schedule), { x, y: above, ...SCHEDULE, name: 'emissions schedule' }),
    timeAxis(x, EMISSIONS),
    keyMarks(QUEUE_KEY, 424),
    valueAxis(below, QUEUE, 'jobs'),
    areaMark(steps(waiting), { x, y: below, fill: COLOURS.waiting, name: 'waiting' }),
    lineMark(steps(running.baseline), { x, y: below, ...BASELINE, name: 'running baseline' }),
    lineMark(steps(running.schedule), { x, y: below, ...SCHEDULE, name: 'running schedule' }),
    timeAxis(x, QUEUE),
  ]);
}

const SCHEDULE = { stroke: COLOURS.schedule, dashes: '' } as const;
const BASELINE = { stroke: COLOURS.baseline, dashes: '5 3' } as const;
const EMISSION_KEY = [
  { label: 'schedule', mark: lineKey(COLOURS.schedule) },
  { label: 'baseline', mark: lineKey(COLOURS.baseline, BASELINE.dashes) },
];
const QUEUE_KEY = [
  { label: 'running, schedule', mark: lineKey(COLOURS.schedule) },
  { label: 'running, baseline', mark: lineKey(COLOURS.baseline, BASELINE.dashes) },
  {
    label: 'waiting or paused',
    mark: `<rect y="-10" width="24" height="12" fill="${COLOURS.waiting}" fill-opacity="0.3"/>`,
  },
];

function panel(series: readonly Float64Array[], { top, bottom }: Panel): ScaleLinear<number, number> {
  const most = series.reduce((greatest, values) => values.reduce((so, value) => Math.max(so, value), greatest), 0);
  return scaleLinear([0, most === 0 ? 1 : most * HEADROOM], [bottom, top]);
}

interface Step {
  readonly time: number;
  readonly value: number;
}

/** Level over each span: the last ends where the axis does. */
function stepsOf(values: Float64Array, { start, span }: Timeline): readonly Step[] {
  return Array.from({ length: values.length + 1 }, (_, index) => ({
    time: start + index * span,
    value: at(values, Math.min(index, values.length - 1)),
  }));
}

interface Mark {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly name: string;
}

function lineMark(
  steps: readonly Step[],
  { x, y, name, stroke, dashes }: Mark & { readonly stroke: string; readonly dashes: string },
): string {
  const shape = line<Step>()
    .x(({ time }) => x(time))
    .y(({ value }) => y(value))
    .curve(curveStepAfter)
    .digits(1);
  const style = `fill="none" stroke="${stroke}" stroke-width="1.6" stroke-linejoin="round"${dashed(dashes)}`;
  return `<path class="${name}" d="${shape(steps) ?? ''}" ${style}/>`;
}

function areaMark(steps: readonly Step[], { x, y, name, fill }: Mark & { readonly fill: string }): string {
  const shape = area<Step>()
    .x(({ time }) => x(time))
    .y0(y(0))
    .y1(({ value }) => y(value))
    .curve(curveStepAfter)
    .digits(1);
  return `<path class="${name} area" d="${shape(steps) ?? ''}" fill="${fill}" fill-opacity="0.2"/>`;
}
