import { frameMarks, headMarks, keyMarks, noteMarks } from './frame.ts';
import { layoutOf, px } from './layout.ts';
import { bandMarks, dotMark, lineMarks } from './lines.ts';
import { nameMarks } from './names.ts';
import type { Picture } from './picture.ts';
import { FONT } from './text.ts';

/** Draws a picture as SVG; the same picture is always the same text. */
export function chartSvg(picture: Picture): string {
  const layout = layoutOf(picture);
  const { width, height, left, right, top, bottom } = layout;
  const { series, now } = picture;
  const plot = `<clipPath id="plot"><rect x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}"/></clipPath>`;
  const bands = series.map((each, index) => bandMarks(each, index, layout));
  const lines = series.map((each, index) => lineMarks(each, index, layout));
  const dots = series.map((each, index) => dotMark(each, index, { ...layout, now }));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">`,
    '<title>Carbon intensity of electricity</title>',
    `<defs>${plot}</defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    headMarks(picture, layout),
    keyMarks(picture, layout),
    frameMarks(picture, layout),
    `<g clip-path="url(#plot)">${bands.join('')}${lines.join('')}</g>`,
    dots.join(''),
    nameMarks(series, layout),
    noteMarks(picture, layout),
    '</svg>',
    '',
  ].join('\n');
}
