import { instant } from '../../../carbon/units.ts';
import type { Instant } from '../../../carbon/units.ts';
import type { Layout } from './layout.ts';
import { px } from './layout.ts';
import type { Picture } from './picture.ts';
import { textAt } from './text.ts';

const INK = '#1f2430';
const GREY = '#5b6270';
const GRID = '#e3e6eb';

/** Title and what the values are. */
export function headMarks({ subtitle }: Picture, { left }: Layout): string {
  return (
    textAt(px(left), '38', 'Carbon intensity of electricity', { size: 21, fill: INK, bold: true }) +
    textAt(px(left), '61', subtitle, { size: 13, fill: GREY })
  );
}

/** What the kinds of marks mean; only those that are in the picture. */
export function keyMarks({ series, threshold }: Picture, { left }: Layout): string {
  const banded = series.some(({ ahead }) => ahead.some(({ low }) => low !== undefined));
  const entries: readonly (readonly [string, string, boolean])[] = [
    ['mean of each step', '<path d="M0,-4h24" stroke="#404040" stroke-width="2"/>', true],
    ['value of now', '<circle cx="12" cy="-4" r="4" fill="#404040"/>', true],
    ['10–90 % of the forecast', '<rect y="-10" width="24" height="12" fill="#404040" fill-opacity="0.16"/>', banded],
    [
      `${threshold?.name ?? ''}: below ${threshold?.below ?? ''}`,
      `<path d="M0,-4h24" stroke="${CLEAN}" stroke-width="1.5" stroke-dasharray="2 3"/>`,
      threshold !== null,
    ],
  ];
  let x = left;
  const marks = entries.flatMap(([label, mark, present]) => {
    if (!present) return [];
    const at = x;
    x += 32 + label.length * 7 + 26;
    return [`<g transform="translate(${px(at)},90)">${mark}${textAt('32', '0', label, { size: 12, fill: GREY })}</g>`];
  });
  return marks.join('');
}

const CLEAN = '#1a7f37';

/** Grid, axes, past and future, the bound of the cleanest band. */
export function frameMarks(picture: Picture, layout: Layout): string {
  return pastMarks(picture, layout) + valueAxis(layout) + timeAxis(layout) + thresholdMarks(picture, layout);
}

function pastMarks({ now, from }: Picture, { x, left, top, bottom }: Layout): string {
  const at = x(now);
  const shade = now > from ? box(left, top, at - left, bottom - top) : '';
  const words = { size: 11, fill: GREY };
  return (
    shade +
    `<path d="M${px(at)},${px(top - 6)}V${px(bottom)}" stroke="${GREY}" stroke-width="1"/>` +
    (at - left > 70 ? textAt(px(at - 8), px(top + 12), 'observed', { ...words, anchor: 'end' }) : '') +
    textAt(px(at + 8), px(top + 12), 'forecast', words)
  );
}

function box(x: number, y: number, width: number, height: number): string {
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="#f4f5f7"/>`;
}

function valueAxis({ y, left, right, top }: Layout): string {
  const style = { size: 12, fill: GREY, anchor: 'end' } as const;
  const lines = y.ticks(6).map((tick) => {
    const at = px(y(tick));
    const line = `<path d="M${px(left)},${at}H${px(right)}" stroke="${GRID}" stroke-width="1"/>`;
    return line + textAt(px(left - 10), px(y(tick) + 4), String(tick), style);
  });
  return lines.join('') + textAt('14', px(top - 12), 'gCO₂eq/kWh', { size: 11, fill: GREY });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Hours between ticks, the finest first. */
const STEPS = [1, 2, 3, 6, 12, 24] as const;
const MOST_TICKS = 13;
/** Pixels that a day's name takes. */
const DAY_WIDTH = 96;

function timeAxis({ x, left, right, top, bottom }: Layout): string {
  const [from, to] = x.domain().map((date) => date.getTime());
  const ticks = ticksBetween(from ?? 0, to ?? 0);
  const midnights = ticks.filter((tick) => tick % DAY_MS === 0);
  // The day that has begun already is named at its first tick, where the next one leaves room.
  const [first] = ticks;
  const crowded = first !== undefined && midnights.some((tick) => Math.abs(x(tick) - x(first)) < DAY_WIDTH);
  const named = first === undefined || crowded ? midnights : [first, ...midnights];
  const nights = midnights.map(
    (tick) => `<path d="M${px(x(tick))},${px(top)}V${px(bottom + 10)}" stroke="${GRID}" stroke-width="1"/>`,
  );
  const marks = ticks.map((tick) => {
    const at = px(x(tick));
    const line = `<path d="M${at},${px(bottom)}v5" stroke="${GREY}" stroke-width="1"/>`;
    const hour = new Date(tick).toISOString().slice(11, 16);
    return line + textAt(at, px(bottom + 22), hour, { size: 12, fill: GREY, anchor: 'middle' });
  });
  const days = named.map((tick) => dayMark(tick, px(x(tick)), bottom));
  const base = `<path d="M${px(left)},${px(bottom)}H${px(right)}" stroke="${GREY}" stroke-width="1"/>`;
  const zone = textAt(px(right + 22), px(bottom + 22), 'UTC', { size: 12, fill: GREY });
  return [...nights, base, ...marks, ...days, zone].join('');
}

function dayMark(tick: Instant, at: string, bottom: number): string {
  const [weekday = '', day = '', month = ''] = new Date(tick).toUTCString().replace(',', '').split(' ');
  const words = `${weekday} ${Number(day)} ${month}`;
  return textAt(at, px(bottom + 39), words, { size: 12, fill: INK, anchor: 'middle', bold: true });
}

function ticksBetween(from: number, to: number): readonly Instant[] {
  const hours = STEPS.find((step) => (to - from) / (step * HOUR_MS) <= MOST_TICKS) ?? 24;
  const step = hours * HOUR_MS;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => instant(first + index * step));
}

function thresholdMarks({ threshold }: Picture, { y, left, right, top }: Layout): string {
  if (threshold === null || y(threshold.below) < top) return '';
  const at = y(threshold.below);
  return `<path class="threshold" d="M${px(left)},${px(at)}H${px(right)}" stroke="${CLEAN}" stroke-width="1.5" stroke-dasharray="2 3"/>`;
}

/** What is not in the lines, below them. */
export function noteMarks({ notes }: Picture, { left, bottom }: Layout): string {
  return notes
    .map((note, index) => textAt(px(left), px(bottom + 68 + index * 18), note, { size: 12, fill: GREY }))
    .join('');
}
