/** Numbers in [0, 1), the next at each call. */
export type Uniform = () => number;

/**
 * mulberry32 (Tommy Ettinger, public domain): 32 bits of state, the same on every machine. The stream's name is hashed into
 * the seed (FNV-1a), so that one more region does not change what the others draw.
 */
export function uniformStream(seed: number, name: string): Uniform {
  let state = seed >>> 0;
  for (const char of name) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A standard normal draw (Box–Muller, the cosine half). */
export function gaussian(uniform: Uniform): number {
  // 1 - u is in (0, 1]: its logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
