import { z } from 'zod';
import { choice, duration, flag, fraction, percentage, quantityOf, wholeNumber } from './fields.ts';

const weight = (term: string, initial: number) =>
  quantityOf('a relative weight').prefault(initial).describe(`Relative weight of ${term}; no unit.`);

const weights = z.strictObject({
  carbon: weight('carbon intensity', 50),
  cost: weight('cost', 20),
  latency: weight('latency', 20),
  availability: weight('available nodes', 10),
});

const shift = z.strictObject({
  allowed: flag().optional().describe('Whether soft work may move to another region. Does not act yet.'),
  maxDataGB: quantityOf('gigabytes').optional().describe('Most data that may be moved with it, GB. Does not act yet.'),
  moveBelow: fraction()
    .optional()
    .describe('It moves only to a region below this fraction of its own intensity. Does not act yet.'),
});

const release = z.strictObject({
  perMinute: wholeNumber('releases a minute').optional().describe('Most releases a minute. Does not act yet.'),
});

/** Settings that act at scheduling time. */
const acting = {
  tie: percentage('2%').prefault('2%').describe('Regions within this share of the best total are equally good.'),
  weights: weights.prefault({}).describe('Weights of the placement terms; at least one above 0.'),
  signal: choice('average', 'marginal').prefault('average').describe('Kind of intensity that decisions rank by.'),
  emissionFactor: choice('lifecycle', 'direct')
    .prefault('lifecycle')
    .describe('What is counted: the whole life of the power plant, or what leaves its stack.'),
  noData: choice('neutral', 'regionAverage')
    .prefault('neutral')
    .describe('A region without data scores as the median of the known ones, or by its own averageIntensity.'),
  regionlessNodes: choice('allow', 'refuse')
    .prefault('allow')
    .describe('Nodes without a region, for pods without residency; with residency they are refused.'),
  ceiling: choice('soft', 'hard')
    .prefault('soft')
    .describe('soft: max-intensity filters only while a permitted region is below it; hard: always.'),
};

/** Settings of admission, holding and release. */
const later = {
  placement: choice('affinity', 'extender').optional().describe('What admission writes. Does not act yet.'),
  marks: flag().optional().describe('Call the extender for marked pods alone. Does not act yet.'),
  pin: choice('preferred', 'required').optional().describe('How firmly a region is written. Does not act yet.'),
  pinTimeout: duration('2m').optional().describe('When a required region is given up. Does not act yet.'),
  noSignal: choice('wait', 'release').optional().describe('A hold without data: wait or release. Does not act yet.'),
  startupAllowance: duration('2m').optional().describe('Time from release to running. Does not act yet.'),
  switchCost: duration('30s').optional().describe('Extra running time at each resume. Does not act yet.'),
  shift: shift.optional().describe('When soft work moves to another region. Does not act yet.'),
  refresh: duration('60s').optional().describe('How often providers are asked. Does not act yet.'),
  release: release.optional().describe('How releases are staggered. Does not act yet.'),
};

export const schedulerSection = z.strictObject({ ...acting, ...later });
