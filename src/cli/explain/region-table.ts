import type { Explanation, ExplainedRegion } from '../../service/explain/types.ts';
import { clock } from './units.ts';

const HEADER = ['REGION', 'NOW g/kWh', 'BEST START', 'MEAN g/kWh', ''] as const;
const NUMBERS = new Set<string>(['NOW g/kWh', 'MEAN g/kWh']);
const NOTHING = '–';

/** The alternatives as a table: permitted regions with their best start, refused ones with the reason. */
export function regionLines(answer: Explanation): readonly string[] {
  const { regions, withoutNodes } = answer;
  const rows = [HEADER, ...regions.map((region) => cellsOf(region, answer))];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => padded(cell, column, widths))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...(regions.length === 0 ? [] : ['', ...lines]),
    ...(withoutNodes.length === 0 ? [] : [`no nodes for it in ${counted(withoutNodes)}`]),
  ];
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return NUMBERS.has(HEADER[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
}

function cellsOf({ region, intensity, start, mean, refused, aboveThreshold }: ExplainedRegion, answer: Explanation) {
  const unknown = answer.unknown.find((each) => each.region === region && each.what === 'intensity');
  const notes = [
    refused === null ? null : `refused: ${refused.text} (${refused.code})`,
    unknown === undefined ? null : `${unknown.text} (${unknown.code})`,
    aboveThreshold && refused === null ? 'above the threshold' : null,
  ];
  return [
    region,
    intensity === null ? 'unknown' : String(Math.round(intensity)),
    start === null ? NOTHING : start <= answer.at ? 'now' : clock(start, answer.at),
    mean === null ? NOTHING : String(Math.round(mean)),
    notes.filter((note) => note !== null).join('; '),
  ];
}

/** Few by name, many by their number. */
function counted(names: readonly string[]): string {
  return names.length <= 6 ? names.join(', ') : `${names.length} other regions of the policy`;
}
