import { styleText } from 'node:util';

/** Columns that a line may take. */
const WIDTH = 100;

export function say(line = ''): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}

/** A heading, with an empty line before it. */
export function heading(text: string): void {
  say();
  for (const line of wrapped(text, '', '')) say(styleText('bold', line));
}

/** Text over as many lines as it needs, each after the indent; the first may begin with something else. */
export function paragraph(text: string, indent = '  ', first = indent): void {
  for (const line of wrapped(text, indent, first)) say(line);
}

/** Rows under a header, columns as wide as they need; a last column that does not fit is continued below itself. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  const lead = (row: readonly string[]): string =>
    `  ${row
      .slice(0, -1)
      .map((cell, column) => `${cell.padEnd(widths[column] ?? 0)}  `)
      .join('')}`;
  const indent = ' '.repeat(lead(header).length);
  say(styleText('dim', lead(header) + (header.at(-1) ?? '')));
  for (const row of rows) paragraph(row.at(-1) ?? '', indent, lead(row));
}

function wrapped(text: string, indent: string, first: string): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line];
}
