import { z } from 'zod';
import { JURISDICTION_PATTERN } from '../names.ts';
import { accepting } from './accepts.ts';
import { duration, flag, intensity, name, quantityOf, tableOf, wholeNumber } from './fields.ts';

export const jurisdiction = (): z.ZodString =>
  accepting(z.string().regex(JURISDICTION_PATTERN), 'a jurisdiction in lower case, e.g. eu, us or uk');

const row = z.strictObject({
  zone: name('a grid zone').describe("Grid zone as the carbon data provider spells it, e.g. 'DE' or 'US-MIDA-PJM'."),
  jurisdiction: jurisdiction()
    .optional()
    .describe(
      'Law that holds there, in lower case. Without it no residency set with jurisdictions permits the region.',
    ),
  cost: quantityOf('a relative price of compute')
    .optional()
    .describe('Relative price of compute, no unit: only ratios between regions matter.'),
  averageIntensity: intensity()
    .optional()
    .describe('Long-run average, gCO2eq/kWh (average, lifecycle); stands in with scheduler.noData: regionAverage.'),
  pue: quantityOf('power usage effectiveness', 1)
    .optional()
    .describe('Facility energy per IT energy, no unit, at least 1. Does not act yet.'),
  latency: tableOf(duration('60ms'))
    .prefault({})
    .describe('Round trip to other regions, by region; either row of a pair serves both ways.'),
  capacity: wholeNumber('pieces of work')
    .optional()
    .describe('Most pieces of work that are planned to run there at once; left out: no limit.'),
  provisionable: flag().optional().describe('May be chosen without nodes, since an autoscaler makes them.'),
});

export const regionsSection = accepting(
  tableOf(row).refine((rows) => Object.keys(rows).length > 0),
  'a table with at least one region by name, e.g. { eu-central-1: { zone: DE } }',
)
  .meta({ minProperties: 1 })
  .describe("Regions by name, as the nodes' region label spells it.");
