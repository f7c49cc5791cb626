/**
 * The longest time, ms, that divides all of these lengths and distances (0 or more); 0: they are no whole milliseconds, so
 * that there is none of use.
 */
export function quantumOf(times: readonly number[]): number {
  let common = 0;
  for (const time of times) {
    if (!Number.isInteger(time)) return 0;
    let [a, b] = [common, time];
    while (b > 0) [a, b] = [b, a % b];
    common = a;
  }
  return common;
}
