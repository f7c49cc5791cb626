/** One line of the table. */
export interface Row {
  readonly benchmark: string;
  readonly known: string;
  readonly goal: string;
  readonly measured: string;
  /** Null: nothing is promised of it, it stands beside the others. */
  readonly reached: boolean | null;
  readonly command: string;
}

/** What the benchmarks read and write. */
export interface Ground {
  /** The trace files; null: not given. */
  readonly traces: string | null;
  /** A folder of its own. */
  readonly scratch: string;
  readonly seeds: readonly number[];
}

/** Rows as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['benchmark', 'known', 'goal', 'measured', 'reached', 'command'];
  const lines = rows.map((row) => [
    row.benchmark,
    row.known,
    row.goal,
    row.measured,
    reachedText(row),
    `\`${row.command}\``,
  ]);
  const bars = [head, head.map(() => '---'), ...lines];
  return bars.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function reachedText({ reached }: Row): string {
  if (reached === null) return '–';
  return reached ? 'yes' : '**no**';
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `mean [least–most]`; the mean alone of one value. */
export function meanText(values: readonly number[], digits = 2): string {
  const text = mean(values).toFixed(digits);
  if (values.length < 2) return text;
  return `${text} [${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}]`;
}
