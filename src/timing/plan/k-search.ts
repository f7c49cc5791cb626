/** What online search knows: bounds of the intensity, gCO2eq/kWh, and what it costs to switch. */
export interface SearchBounds {
  /** Above 0. */
  readonly low: number;
  /** At least `low`. */
  readonly high: number;
  /** Half of what a pause and a resume emit, gCO2eq/kWh times the unit that is accepted. */
  readonly switching: number;
}

/** What is accepted while it runs, and what it takes to resume while it is paused, gCO2eq/kWh. */
export interface Thresholds {
  readonly running: number;
  readonly paused: number;
}

const HALVINGS = 60;

/** The threshold of search for one unit, gCO2eq/kWh: the geometric mean of both bounds (El-Yaniv et al., 2001). */
export function oneMinThreshold({ low, high }: SearchBounds): number {
  return Math.sqrt(low * high);
}

/**
 * The least ratio to the best in hindsight that any deterministic search for the `units` lowest intensities can promise, with
 * switching: alpha in (U - L - 2b) / (U (1 - 1/a) - 2b (1 - 1/k + 1/(k a))) = (1 + 1/(k a))^k (Lechowicz et al., "The Online
 * Pause and Resume Problem", 2023; k-min search of Lorenz et al., 2009, where nothing is paid for switching). Asked only where
 * twice the switching is less than what lies between the bounds.
 */
export function ratioOf(bounds: SearchBounds, units: number): number {
  const { low, high, switching } = bounds;
  let [least, most] = [1, high / low];
  for (let step = 0; step < HALVINGS; step += 1) {
    const ratio = 0.5 * (least + most);
    const growth = (1 + 1 / (units * ratio)) ** units;
    const falls = growth * fallOf(bounds, units, ratio);
    if (falls > high - low - 2 * switching) most = ratio;
    else least = ratio;
  }
  return 0.5 * (least + most);
}

function fallOf({ high, switching }: SearchBounds, units: number, ratio: number): number {
  return high * (1 - 1 / ratio) - 2 * switching * (1 - 1 / units + 1 / (units * ratio));
}

/**
 * DTPR-min: thresholds once `done` of `units` are accepted. They fall from one unit to the next, down to the lower bound, the
 * paused one staying below the running one by what a pause and a resume emit.
 */
export function pauseResumeThresholds(bounds: SearchBounds, units: number, done: number): Thresholds {
  const { high, switching } = bounds;
  const ratio = ratioOf(bounds, units);
  const growth = (1 + 1 / (units * ratio)) ** Math.min(units, done);
  const running = high - growth * fallOf(bounds, units, ratio);
  return { running, paused: running - 2 * switching };
}
