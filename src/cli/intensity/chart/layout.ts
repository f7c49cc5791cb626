import { scaleLinear, scaleUtc } from 'd3-scale';
import type { ScaleLinear, ScaleTime } from 'd3-scale';
import type { Picture } from './picture.ts';

/** Where things stand, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
}

const SIZE = { width: 1120, height: 590, left: 72, right: 836, top: 118, plot: 400 } as const;
const NOTE_LINE = 18;
const HEADROOM = 1.07;

/** Lays a picture out: the plot on the left, names of its lines on the right, notes below. */
export function layoutOf(picture: Picture): Layout {
  const { width, left, right, top, plot } = SIZE;
  const bottom = top + plot;
  const x = scaleUtc([picture.from, picture.to], [left, right]);
  const y = scaleLinear([0, highest(picture) * HEADROOM], [bottom, top]);
  return { width, height: SIZE.height + picture.notes.length * NOTE_LINE, left, right, top, bottom, x, y };
}

/** The greatest value that is drawn; the threshold counts where it is not far above the lines. */
function highest({ series, threshold }: Picture): number {
  const values = series.flatMap(({ past, ahead, now }) => [
    now,
    ...past.map(({ value }) => value),
    ...ahead.map(({ value, high }) => high ?? value),
  ]);
  const most = Math.max(10, ...values);
  const bound = threshold?.below ?? 0;
  return bound <= most * 1.6 ? Math.max(most, bound) : most;
}

/** Rounded, so that the same picture is the same text everywhere. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
