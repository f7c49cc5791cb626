/** Rows as lines, the first a heading: the first column is flush left, the others, being numbers, right. */
export function alignedLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  const padded = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

/** What stands where there is no figure. */
export const NOTHING = '–';

/** A figure with so many digits after its point; null: there is none. */
export function figure(value: number | null, digits = 1): string {
  if (value === null) return NOTHING;
  const text = value.toFixed(digits);
  // A rounded nothing has no sign.
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/** Kilograms, the more digits the fewer there are. */
export function mass(kg: number): string {
  if (kg === 0) return '0';
  return figure(kg, kg >= 1000 ? 0 : kg >= 10 ? 1 : kg >= 0.1 ? 3 : 6);
}
