/** What text looks like. */
export interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}

/** The fonts that ship with Lowtide come first: a PNG has no others. */
export const FONT = "'DejaVu Sans', Verdana, sans-serif";

/** A line of text at a place. */
export function textAt(x: string, y: string, content: string, style: TextStyle): string {
  const { size, fill, anchor = 'start', bold = false } = style;
  const weight = bold ? ' font-weight="bold"' : '';
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${at}${weight}>${escaped(content)}</text>`;
}

/** Cut where it would be longer than so many letters. */
export function shortened(content: string, letters: number): string {
  return content.length <= letters ? content : `${content.slice(0, letters - 1).trimEnd()}…`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** Characters that XML cannot hold, not even escaped. */
// eslint-disable-next-line no-control-regex -- they are what is taken out
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as XML holds it. */
export function escaped(content: string): string {
  return content.replaceAll(FORBIDDEN, '').replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '');
}
