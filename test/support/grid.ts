/** A stretch of a grid that does not change: how long, and each zone's gCO2eq/kWh. */
export interface Stretch {
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Where a replayed trace begins; any moment serves. */
const BEGIN = Date.UTC(2026, 2, 2);

/**
 * A trace in real time, as `--trace` reads it: one stretch after the other, then nothing. All stretches are multiples of
 * the step, so that the signal changes where a stretch ends, and at steps in between to what it was.
 */
export function traceOf(stretches: readonly Stretch[], stepSeconds: number): string {
  const zones = Object.keys(stretches[0]?.values ?? {});
  const rows = stretches.flatMap(({ seconds, values }) => {
    if (seconds % stepSeconds !== 0) throw new Error(`${seconds} s is no multiple of the step of ${stepSeconds} s`);
    const cells = zones.map((zone) => String(values[zone]));
    return Array.from({ length: seconds / stepSeconds }, () => cells);
  });
  const lines = rows.map((cells, index) => {
    const time = new Date(BEGIN + index * stepSeconds * 1000).toISOString().replace('.000', '');
    return [time, ...cells].join(',');
  });
  return [['time', ...zones].join(','), ...lines, ''].join('\n');
}
