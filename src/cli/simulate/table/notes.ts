import type { SimulationInput } from '../../../simulation/input.ts';
import type { Report } from '../../../simulation/report.ts';

/** What a reader has to know to judge the figures; of forecasts above all. */
export function noteLines(report: Report, { strategy }: SimulationInput): readonly string[] {
  const { kind } = report.forecast;
  const found: readonly (readonly [boolean, string])[] = [
    [
      report.unbillable > 0,
      `${report.unbillable} of ${report.jobs} jobs are in no figure: they arrive before the first row, or could run past the last`,
    ],
    [kind === 'perfect', 'a perfect forecast is an upper bound: no forecast is'],
    [
      kind.startsWith('noise:'),
      'independent noise around the truth is kinder than real forecasts, whose errors last and grow with the lead',
    ],
    [strategy === 'ecovisor' || strategy === 'wait-awhile', `${strategy ?? ''} is a published method, for comparison`],
    [true, 'intensity is average, so that savings are of attributed emissions; the oracle ignores capacity'],
  ];
  return found.flatMap(([said, line]) => (said ? [`note: ${line}`] : []));
}
