import type { Outlook } from '../../timing/plan/outlook.ts';
import type { ForecastModel, IntensityTable } from '../types.ts';
import type { ForecastInput } from './types.ts';
import { edgesOf, outlookOver } from './outlooks.ts';
import { seenOf } from './seen.ts';

/**
 * What a table foretells, at every slot the same. A region that it lacks has no outlook, none has one at a slot that
 * begins before the table or after it.
 */
export function fileForecast({ truth, nowcast }: ForecastInput, file: IntensityTable): ForecastModel {
  const edges = edgesOf(file.start, file.step, file.count);
  const outlooks = truth.regions.map((region): Outlook | null => {
    const column = file.columns[file.regions.indexOf(region)];
    return column === undefined ? null : outlookOver(edges, column);
  });
  const nothing = truth.regions.map(() => null);
  const end = file.start + file.count * file.step;
  return {
    kind: 'file',
    outlooksAt: (slot) => {
      const now = truth.start + slot * truth.step;
      return now >= file.start && now < end ? outlooks : nothing;
    },
    seenAt: seenOf(truth, nowcast),
  };
}
