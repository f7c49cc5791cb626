import { BASELINES } from '../../carbon/forecast/evaluation/baselines.ts';
import { METHODS } from '../../carbon/forecast/evaluation/evaluate.ts';
import type { Evaluation, MarkScores, Method } from '../../carbon/forecast/evaluation/evaluate.ts';
import type { Score } from '../../carbon/forecast/evaluation/score.ts';

/** One column of a trace, evaluated. */
export interface ColumnEvaluation {
  readonly column: string;
  readonly evaluation: Evaluation;
}

const HOUR_MS = 3_600_000;
const HEADINGS = ['', 'up to', 'MAE g/kWh', 'MAPE %', 'rank corr.', '10-90 % holds %', 'MAE against best %'];
const WIDTHS = [22, 6, 10, 8, 11, 16, 21];
const NONE = '-';
const LEGEND = [
  'MAE against best: against the lowest MAE of persistence, day-before and week-before',
  'rank corr.: Spearman, of forecast and truth within each 24 h, averaged',
];

/** How much lower the model's mean absolute error is than that of the best of the others, percent; null: nothing to compare. */
export function gainPct({ scores }: MarkScores): number | null {
  const own = scores.get('lowtide');
  const best = Math.min(...BASELINES.map((baseline) => scores.get(baseline)?.mae ?? Infinity));
  return own === undefined || !Number.isFinite(best) || best === 0 ? null : 100 * (1 - own.mae / best);
}

/** The figures as lines for a person, at most 100 columns wide. */
export function tableLines(columns: readonly ColumnEvaluation[]): readonly string[] {
  const lines = [row(HEADINGS)];
  for (const { column, evaluation } of columns) {
    lines.push(`${column}: ${told(evaluation)}`);
    for (const mark of evaluation.marks) {
      for (const method of METHODS) lines.push(scoreRow(method, mark));
    }
  }
  if (columns.length > 1) lines.push(...meanRows(columns));
  return [...lines, ...LEGEND];
}

function told({ forecasts, firstOrigin, lastOrigin }: Evaluation): string {
  const [first, last] = [firstOrigin, lastOrigin].map((at) => new Date(at).toISOString().slice(0, 16));
  return `${forecasts} forecasts, issued from ${String(first)}Z to ${String(last)}Z`;
}

function scoreRow(method: Method, mark: MarkScores): string {
  const score = mark.scores.get(method);
  const gain = method === 'lowtide' ? gainPct(mark) : null;
  return row([`  ${method}`, `${String(mark.upTo / HOUR_MS)}h`, ...figures(score), signed(gain)]);
}

function figures(score: Score | undefined): readonly string[] {
  if (score === undefined) return [NONE, NONE, NONE, NONE];
  const { mae, mapePct, rank, coveragePct } = score;
  return [fixed(mae, 2), fixed(mapePct, 1), fixed(rank, 3), fixed(coveragePct, 1)];
}

function meanRows(columns: readonly ColumnEvaluation[]): readonly string[] {
  const marks = columns[0]?.evaluation.marks ?? [];
  return marks.map(({ upTo }, index) => {
    const gains = columns.map(({ evaluation }) => gain(evaluation.marks[index]));
    const mean = gains.reduce((sum, part) => sum + part, 0) / gains.length;
    return row([`mean of ${String(columns.length)}`, `${String(upTo / HOUR_MS)}h`, '', '', '', '', signed(mean)]);
  });
}

function gain(mark: MarkScores | undefined): number {
  return mark === undefined ? NaN : (gainPct(mark) ?? NaN);
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0)));
  return padded.join('').trimEnd();
}

function fixed(value: number | null, digits: number): string {
  return value === null ? NONE : value.toFixed(digits);
}

/** Lower errors are shown as lower: a gain of 20 % is -20.0. */
function signed(gainOf: number | null): string {
  if (gainOf === null || Number.isNaN(gainOf)) return '';
  return `${gainOf < 0 ? '+' : '-'}${Math.abs(gainOf).toFixed(1)}`;
}
