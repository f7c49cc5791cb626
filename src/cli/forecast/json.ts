import type { Evaluation, MarkScores } from '../../carbon/forecast/evaluation/evaluate.ts';
import { gainPct } from './table.ts';
import type { ColumnEvaluation } from './table.ts';

const HOUR_MS = 3_600_000;

/** The figures for programs: one object a column. */
export function asJson(columns: readonly ColumnEvaluation[]): string {
  return JSON.stringify({ columns: columns.map(({ column, evaluation }) => columnJson(column, evaluation)) }, null, 2);
}

function columnJson(column: string, { forecasts, firstOrigin, lastOrigin, marks }: Evaluation): object {
  return {
    column,
    forecasts,
    firstOrigin: new Date(firstOrigin).toISOString(),
    lastOrigin: new Date(lastOrigin).toISOString(),
    leads: marks.map(markJson),
  };
}

function markJson(mark: MarkScores): object {
  return {
    upToHours: mark.upTo / HOUR_MS,
    maeBelowBestBaselinePct: gainPct(mark),
    methods: Object.fromEntries(mark.scores),
  };
}
