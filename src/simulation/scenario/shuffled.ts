import type { Uniform } from '../random.ts';

/** The same values in an order drawn by chance (Fisher and Yates, from the front). */
export function shuffled<Value>(values: readonly Value[], uniform: Uniform): Value[] {
  const drawn: Value[] = [];
  for (const value of values) {
    const place = Math.floor(uniform() * (drawn.length + 1));
    // Whoever stood there goes to the end; where the place is the end, nobody did.
    const moved = drawn[place];
    drawn.push(moved ?? value);
    drawn[place] = value;
  }
  return drawn;
}
