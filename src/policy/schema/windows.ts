import { z } from 'zod';
import { hours, names, tableOf } from './fields.ts';

const window = z.strictObject({
  hours: hours().describe('Hours of the day in UTC, from-to; to before from runs over midnight.'),
  regions: names('region').describe('Regions of the table that the window holds for.'),
});

export const windowsSection = tableOf(window)
  .prefault({})
  .describe('Hours known to be clean: a prior where no forecast is to be had.');
