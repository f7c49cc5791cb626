import assert from 'node:assert/strict';
import { problemsOf } from '../../../src/simulation/problems.ts';
import type { BaselineKind } from '../../../src/simulation/problems.ts';
import { intensityTable, jobTable, simulationPolicy } from '../../support/simulation.ts';
import type { JobSketch } from '../../support/simulation.ts';

const TRUTH = { 'us-a': [1, 1], 'us-b': [1, 1] };

interface Case {
  readonly jobs: readonly JobSketch[];
  readonly truth?: Record<string, readonly number[]>;
  readonly baseline?: BaselineKind;
  readonly want: readonly string[];
}

describe('problemsOf', () => {
  const cases: Record<string, Case> = {
    'finds nothing wrong with what can be simulated': {
      jobs: [
        { at: 0, hours: 1 },
        { at: 0, hours: 1, workClass: 'mine', deadline: 3 },
      ],
      want: [],
    },
    'names a class that the policy lacks, once, by the first job that needs it': {
      jobs: [
        { at: 0, hours: 1, workClass: 'mine', deadline: 3 },
        { at: 0, hours: 1, workClass: 'mine' },
        { at: 0, hours: 1, workClass: 'mine', home: 'us-a' },
      ],
      want: ['job j1: class mine is not in the policy (now, hour, day), and it has no deadline'],
    },
    'names residency that the policy lacks': {
      jobs: [{ at: 0, hours: 1, residency: 'mars' }],
      want: ['job j0: residency mars is not a set of the policy (eu-strict, us-only, global, single-region, named)'],
    },
    'names residency that permits no region of the intensity': {
      jobs: [{ at: 0, hours: 1, residency: 'eu-strict' }],
      want: ['job j0: residency eu-strict permits none of the regions that the intensity names'],
    },
    'asks for the home of work that may run there alone': {
      jobs: [
        { at: 0, hours: 1, residency: 'single-region' },
        { at: 0, hours: 1, residency: 'single-region', home: 'us-a' },
      ],
      want: ["job j0: residency single-region permits the job's home_region alone, and the job names none"],
    },
    'names regions that nobody knows, and those without intensity': {
      jobs: [
        { at: 0, hours: 1, home: 'mars-1' },
        { at: 0, hours: 1, dataRegion: 'eu-a' },
      ],
      want: [
        "job j0: region mars-1 is not in the policy's regions",
        'job j1: the intensity has no column for region eu-a',
      ],
    },
    'names columns that the policy lacks': {
      jobs: [],
      truth: { 'us-a': [1], 'mars-1': [1] },
      want: ["intensity: region mars-1 is not in the policy's regions"],
    },
    'asks every job for its home where that is the baseline': {
      jobs: [
        { at: 0, hours: 1, home: 'us-a' },
        { at: 0, hours: 1 },
      ],
      baseline: 'home',
      want: ['job j1: the baseline home needs a home_region for every job'],
    },
  };

  for (const [behaviour, { jobs, truth = TRUTH, baseline = 'random', want }] of Object.entries(cases)) {
    it(behaviour, () => {
      const input = { jobs: jobTable(jobs), truth: intensityTable(truth), policy: simulationPolicy() };
      assert.deepEqual(
        problemsOf(input, baseline).map(({ message }) => message),
        want,
      );
    });
  }
});
