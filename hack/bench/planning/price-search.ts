const MOST = 64;
const STEPS_PER_GRAM = 10;

/** The least price, in tenths of a gram, whose mean delay is within a limit; delays fall as prices rise. */
export async function leastPrice(minutes: number, delayAt: (price: number) => Promise<number>): Promise<number> {
  let [low, high] = [0, MOST * STEPS_PER_GRAM];
  while (low < high) {
    const middle = (low + high) >> 1;
    const price = middle / STEPS_PER_GRAM;
    const delay = await delayAt(price);
    console.log(`  price ${price}: mean delay ${delay.toFixed(1)} min, wanted at most ${minutes}`);
    if (delay <= minutes) high = middle;
    else low = middle + 1;
  }
  return low / STEPS_PER_GRAM;
}
