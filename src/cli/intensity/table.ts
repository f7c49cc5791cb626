import type { Signal } from '../../carbon/types.ts';
import type { Policy } from '../../policy/types.ts';
import type { IntensityRow } from './rows.ts';
import { ageWords, sparkline, windowWords } from './words.ts';

/** How a table is shown. */
export interface TableStyle {
  /** Bands in colour, by escape codes. */
  readonly colour: boolean;
}

const HEADER = [
  ...['REGION', 'ZONE', 'G/KWH', 'BAND', 'SOURCE', 'KIND', 'AGE', 'QUALITY', 'RENEWABLE'],
  ...['CLEAN WINDOW (UTC)', 'NEXT 24 H'],
];
const NUMBERS = new Set(['G/KWH', 'AGE', 'RENEWABLE']);
const BAND = HEADER.indexOf('BAND');
const NOTHING = '–';

/** The table as lines: a header, a line for each row, and what is to be said below it. */
export function tableLines(
  rows: readonly IntensityRow[],
  { signal, policy, style }: { signal: Signal; policy: Policy; style: TableStyle },
): string[] {
  const cells = rows.map((row) => cellsOf(row, signal));
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const lines = cells.map((line, index) => {
    const padded = pad(line, widths);
    const paint = style.colour ? painter(rows[index]?.band ?? null, policy) : null;
    if (paint !== null) padded[BAND] = paint(padded[BAND] ?? '');
    return padded.join('  ').trimEnd();
  });
  return [pad(HEADER, widths).join('  ').trimEnd(), ...lines, ...remarks(rows, signal, policy)];
}

function pad(cells: readonly string[], widths: readonly number[]): string[] {
  return cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    return NUMBERS.has(HEADER[column] ?? '') ? cell.padStart(width) : cell.padEnd(width);
  });
}

function cellsOf(row: IntensityRow, { at }: Signal): readonly string[] {
  const { target, reading, age, kept, window, constant } = row;
  const place = [target.name, target.zone];
  if (reading.state === 'unknown') {
    return [...place, 'unknown', ...Array<string>(4).fill(NOTHING), reading.reason, NOTHING, NOTHING, ''];
  }
  const { value, source, kind, factor, quality, renewablePct } = reading;
  const windowCell = constant ? 'never varies' : window === null ? NOTHING : windowWords(window, at);
  return [
    ...place,
    String(Math.round(value)),
    row.band ?? NOTHING,
    source,
    `${kind}, ${factor}`,
    age === null ? NOTHING : ageWords(age),
    kept ? `${quality}, kept` : quality,
    renewablePct === null ? NOTHING : `${Math.round(renewablePct)} %`,
    windowCell,
    sparkline(row.hours),
  ];
}

/** Green, yellow, red: by the band's place among the policy's. */
const COLOURS = ['32', '33', '31'] as const;

function painter(band: string | null, { bands }: Policy): ((text: string) => string) | null {
  const place = bands.findIndex(({ name }) => name === band);
  if (place < 0) return null;
  const share = bands.length === 1 ? 0 : place / (bands.length - 1);
  const colour = COLOURS[Math.ceil(share * (COLOURS.length - 1))] ?? COLOURS[0];
  return (text) => `\u001b[${colour}m${text}\u001b[0m`;
}

function remarks(rows: readonly IntensityRow[], { ranksBy }: Signal, policy: Policy): readonly string[] {
  const said = [
    ...(rows.some(({ window }) => window?.basis === 'quartile') ? [quartileRemark(policy)] : []),
    ...(rows.some(({ window }) => window?.open === true) ? ['+ the forecast ends there, not the window'] : []),
    ...constantRemark(rows),
    ...unusableRemarks(rows, `${ranksBy.kind}, ${ranksBy.factor}`),
  ];
  return said.length === 0 ? [] : ['', ...said];
}

function quartileRemark({ bands }: Policy): string {
  const [cleanest] = bands;
  const bound = cleanest?.below ?? null;
  const never = bound === null ? 'the policy has no bound' : `not below ${bound} (${cleanest?.name ?? ''})`;
  return `* ${never}: the first of the cleanest quarter of the next 24 hours`;
}

function constantRemark(rows: readonly IntensityRow[]): readonly string[] {
  const names = rows.filter(({ constant }) => constant).map(({ target }) => target.name);
  if (names.length === 0) return [];
  return [`${names.join(', ')}: published as one estimate that never varies, so that waiting there gains nothing`];
}

function unusableRemarks(rows: readonly IntensityRow[], ranksBy: string): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { target, reading, unusable } of rows) {
    if (reading.state === 'unknown' || unusable === null) continue;
    const why =
      unusable === 'sandbox'
        ? "made up by the provider's sandbox: decisions do not count with it"
        : `${reading.kind}, ${reading.factor}: decisions do not count with it, the policy ranks by ${ranksBy}`;
    lines.set(why, [...(lines.get(why) ?? []), target.name]);
  }
  return Array.from(lines, ([why, names]) => `${names.join(', ')}: ${why}`);
}
