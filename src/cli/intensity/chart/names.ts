import type { Layout } from './layout.ts';
import { px } from './layout.ts';
import { colourOf } from './lines.ts';
import type { PictureSeries } from './picture.ts';
import { shortened, textAt } from './text.ts';

interface Label {
  readonly series: PictureSeries;
  readonly index: number;
  /** Where the line ends; one that ends early is not led to its name, which would cross the others. */
  readonly x: number;
  readonly y: number;
  /** Where the name stands. */
  at: number;
}

const GREY = '#5b6270';
/** Two lines of text; from so many labels on, there is room for one. */
const ROOMY = { gap: 34, most: 10 } as const;
const TIGHT_GAP = 24;
/** Pixels between a line's end and the plot's. */
const NEAR = 30;
/** Of a name, and of what stands below it. */
const LETTERS = { name: 26, detail: 42 } as const;

/** Each line's name beside its end, pushed apart where they would lie on one another. */
export function nameMarks(series: readonly PictureSeries[], layout: Layout): string {
  const gap = series.length <= ROOMY.most ? ROOMY.gap : TIGHT_GAP;
  const labels = series.map((each, index) => labelOf(each, index, layout)).sort((a, b) => a.y - b.y);
  spread(labels, gap, layout);
  return labels.map((label) => labelMarks(label, gap === ROOMY.gap, layout)).join('');
}

function labelOf(series: PictureSeries, index: number, { x, y, right }: Layout): Label {
  const last = series.ahead.at(-1) ?? series.past.at(-1);
  const at = y(last?.value ?? series.now);
  return { series, index, x: last === undefined ? right : Math.min(right, x(last.end)), y: at, at };
}

/** Down from the top until none overlaps, then up from the bottom where they would leave the plot. */
function spread(labels: readonly Label[], gap: number, { top, bottom }: Layout): void {
  let least = top;
  for (const label of labels) {
    label.at = Math.max(label.at, least);
    least = label.at + gap;
  }
  let most = bottom;
  for (const label of labels.toReversed()) {
    label.at = Math.min(label.at, most);
    most = label.at - gap;
  }
}

function labelMarks({ series, index, x, y, at }: Label, roomy: boolean, { right }: Layout): string {
  const { stroke, dashed } = colourOf(index);
  const left = right + 22;
  const path = `M${px(x)},${px(y)}L${px(right + 4)},${px(y)}L${px(left - 4)},${px(at)}`;
  const led = right - x < NEAR;
  const leader = led ? `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="1" stroke-opacity="0.5"/>` : '';
  const dashes = dashed ? ' stroke-dasharray="6 3"' : '';
  const swatch = `<path d="M${px(left)},${px(at)}h24" stroke="${stroke}" stroke-width="3"${dashes}/>`;
  const name = textAt(px(left + 32), px(at + 4), shortened(series.name, LETTERS.name), {
    size: 12.5,
    fill: stroke,
    bold: true,
  });
  const below = textAt(px(left + 32), px(at + 18), shortened(series.detail, LETTERS.detail), { size: 11, fill: GREY });
  return leader + swatch + name + (roomy ? below : '');
}
