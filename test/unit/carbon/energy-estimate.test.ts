import assert from 'node:assert/strict';
import { estimateWatts } from '../../../src/carbon/energy-estimate.ts';

describe('the estimate of power', () => {
  const cases: Record<string, readonly [vcpus: number, memoryGb: number, watts: number]> = {
    'is nothing for nothing': [0, 0, 0],
    'is half-loaded average vCPUs times PUE': [4, 0, 9.6248],
    'is memory times PUE': [0, 16, 7.11872],
    'is the sum of both': [4, 16, 16.74352],
  };
  for (const [name, [vcpus, memoryGb, watts]] of Object.entries(cases)) {
    it(name, () => {
      assert.ok(Math.abs(estimateWatts({ vcpus, memoryGb }) - watts) < 1e-9);
    });
  }
});
