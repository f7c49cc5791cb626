import type { ScaleLinear, ScaleTime } from 'd3-scale';
import { px } from '../../intensity/chart/layout.ts';
import { FONT, textAt } from '../../intensity/chart/text.ts';

export const INK = '#1f2430';
export const GREY = '#5b6270';
const GRID = '#e3e6eb';
/** Of Okabe and Ito's, which people with any colour vision tell apart. */
export const COLOURS = { schedule: '#0072b2', baseline: '#7a808c', waiting: '#d55e00', oracle: '#009e73' } as const;

export const WIDTH = 1120;
export const LEFT = 78;
export const RIGHT = 1080;

/** Where a plot stands, in pixels. */
export interface Panel {
  readonly top: number;
  readonly bottom: number;
}

/** An entry of the key: its words, and its mark, 24 pixels wide. */
export interface KeyEntry {
  readonly label: string;
  readonly mark: string;
}

/** The whole drawing around its marks. */
export function drawing(title: string, height: number, marks: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...marks,
    '</svg>',
    '',
  ].join('\n');
}

/** Title, and a line below it. */
export function headMarks(title: string, subtitle: string): string {
  return (
    textAt(px(LEFT), '38', title, { size: 21, fill: INK, bold: true }) +
    textAt(px(LEFT), '61', subtitle, { size: 13, fill: GREY })
  );
}

/** What the marks mean, in a line at a height. */
export function keyMarks(entries: readonly KeyEntry[], y: number): string {
  let x = LEFT;
  const marks = entries.map(({ label, mark }) => {
    const at = x;
    x += 32 + label.length * 7 + 26;
    return `<g transform="translate(${px(at)},${px(y)})">${mark}${textAt('32', '0', label, { size: 12, fill: GREY })}</g>`;
  });
  return marks.join('');
}

/** A line of the key. */
export function lineKey(stroke: string, dashes = ''): string {
  return `<path d="M0,-4h24" stroke="${stroke}" stroke-width="2"${dashed(dashes)}/>`;
}

/** Attribute for a dashed line; empty: it is not. */
export function dashed(dashes: string): string {
  return dashes === '' ? '' : ` stroke-dasharray="${dashes}"`;
}

/** Values on the left with lines across, and their unit above. */
export function valueAxis(y: ScaleLinear<number, number>, { top }: Panel, unit: string): string {
  const style = { size: 12, fill: GREY, anchor: 'end' } as const;
  const format = y.tickFormat(5);
  const lines = y.ticks(5).map((tick) => {
    const at = px(y(tick));
    const line = `<path d="M${px(LEFT)},${at}H${px(RIGHT)}" stroke="${GRID}" stroke-width="1"/>`;
    return line + textAt(px(LEFT - 10), px(y(tick) + 4), format(tick), style);
  });
  return lines.join('') + textAt(px(LEFT), px(top - 10), unit, { size: 12, fill: INK, bold: true });
}

/** Times below a plot, UTC: days, or hours where there are few days. */
export function timeAxis(x: ScaleTime<number, number>, { bottom }: Panel): string {
  const ticks = x.ticks(9).map((tick) => tickMark(x(tick), timeWords(tick), bottom));
  return base(bottom) + ticks.join('') + textAt(px(RIGHT + 8), px(bottom + 4), 'UTC', { size: 11, fill: GREY });
}

function timeWords(tick: Date): string {
  const [, day = '', month = ''] = tick.toUTCString().split(' ');
  const clock = tick.toISOString().slice(11, 16);
  return clock === '00:00' ? `${Number(day)} ${month}` : clock;
}

/** Numbers below a plot. */
export function numberAxis(x: ScaleLinear<number, number>, { bottom }: Panel, unit: string): string {
  const format = x.tickFormat(9);
  const ticks = x.ticks(9).map((tick) => tickMark(x(tick), format(tick), bottom));
  const words = textAt(px((LEFT + RIGHT) / 2), px(bottom + 46), unit, { size: 12, fill: INK, anchor: 'middle' });
  return base(bottom) + ticks.join('') + words;
}

function base(bottom: number): string {
  return `<path d="M${px(LEFT)},${px(bottom)}H${px(RIGHT)}" stroke="${GREY}" stroke-width="1"/>`;
}

function tickMark(x: number, words: string, bottom: number): string {
  const line = `<path d="M${px(x)},${px(bottom)}v5" stroke="${GREY}" stroke-width="1"/>`;
  return line + textAt(px(x), px(bottom + 21), words, { size: 12, fill: GREY, anchor: 'middle' });
}
