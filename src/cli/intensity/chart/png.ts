import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

/** Loaded by path, so that every machine draws the same letters. */
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
);
const PIXELS_PER_UNIT = 2;

/** An SVG as PNG, two pixels to its unit. */
export function pngOf(svg: string): Uint8Array {
  const drawing = new Resvg(svg, {
    font: { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
    fitTo: { mode: 'zoom', value: PIXELS_PER_UNIT },
  });
  return drawing.render().asPng();
}
