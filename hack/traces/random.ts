import { gaussian } from '../../src/simulation/random.ts';
import type { Uniform } from '../../src/simulation/random.ts';

/**
 * Noise with a memory, an AR(1) series of mean 0 and variance 1 from its first value on: what remains after
 * `memoryHours` is 1/e. Weather fronts last days, gusts hours.
 */
export function remembering(uniform: Uniform, memoryHours: number): () => number {
  const kept = Math.exp(-1 / memoryHours);
  let value = gaussian(uniform);
  return () => {
    const now = value;
    value = kept * value + Math.sqrt(1 - kept * kept) * gaussian(uniform);
    return now;
  };
}
