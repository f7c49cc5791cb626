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
  allowed: flag().prefault(true).describe('Whether work that has a region of its own may run in another.'),
  maxDataGB: quantityOf('gigabytes').optional().describe('Most data that may be moved with it, GB.'),
  moveBelow: fraction().optional().describe('It moves only to a region below this fraction of its own intensity.'),
});

const release = z.strictObject({
  perMinute: wholeNumber('releases a minute')
    .optional()
    .describe('Most releases a minute into one region, never past a deadline; left out: no limit.'),
});

/** Settings of placement. */
const placing = {
  tie: percentage('2%').prefault('2%').describe('Regions within this share of the best total are equally good.'),
  weights: weights.prefault({}).describe('Weights of the placement terms; at least one above 0.'),
  signal: choice('average', 'marginal').prefault('average').describe('Kind of intensity that decisions rank by.'),
  kindSwitch: choice('refuse', 'allow')
    .prefault('refuse')
    .describe('While no zone has a value of that kind and factor: know nothing, or rank all zones by another.'),
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
const holding = {
  placement: choice('affinity', 'extender')
    .prefault('affinity')
    .describe('What admission and release write: preferred node affinity, or nothing, since the extender scores.'),
  marks: flag()
    .prefault(false)
    .describe(
      'With placement: extender; request lowtide.dev/placement, so that the extender is called for those pods alone.',
    ),
  pin: choice('preferred', 'required')
    .prefault('preferred')
    .describe("How firmly a released Job's region is written; required needs Kubernetes 1.36."),
  pinTimeout: duration('2m')
    .prefault('2m')
    .describe("How long a pinned Job's pods may be unschedulable before the region is given up."),
  noSignal: choice('wait', 'release')
    .prefault('wait')
    .describe('A hold without data: wait until its maximum delay, or release.'),
  startupAllowance: duration('2m')
    .prefault('2m')
    .describe('Time from release to running: latest start = deadline - expected duration - this.'),
  release: release.prefault({}).describe('How releases are spread over time.'),
};

/** Settings of the carbon signal. */
const signal = {
  refresh: duration('60s')
    .prefault('60s')
    .describe('How often providers are asked at most; one that asks for more patience is asked less often.'),
};

/** Settings of pauses and moves. */
const moving = {
  switchCost: duration('30s').prefault('0s').describe('Extra running time at each resume of work that was paused.'),
  minRun: duration('10m').prefault('0s').describe('Work is not paused before it has run so long.'),
  maxPauses: wholeNumber('pauses').optional().describe('How often one Job may be paused; left out: no limit.'),
  shift: shift.optional().describe('When work that has a region of its own may run in another.'),
};

export const schedulerSection = z.strictObject({ ...placing, ...holding, ...signal, ...moving });
