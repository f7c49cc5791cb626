import type { Reading, Wanted } from './types.ts';

/**
 * What all zones are ranked by: what is wanted, as long as any zone has a usable value of it or the switch is refused;
 * else the kind and factor that most zones have, the first met among equals. Never a mixture.
 */
export function ranksBy(readings: Iterable<Reading>, wanted: Wanted, kindSwitch: 'refuse' | 'allow'): Wanted {
  if (kindSwitch === 'refuse') return wanted;
  const found = new Map<string, { readonly by: Wanted; zones: number }>();
  for (const reading of readings) {
    if (reading.state === 'unknown' || reading.quality === 'sandbox') continue;
    const { kind, factor } = reading;
    if (kind === wanted.kind && factor === wanted.factor) return wanted;
    const entry = found.get(`${kind} ${factor}`) ?? { by: { kind, factor }, zones: 0 };
    entry.zones += 1;
    found.set(`${kind} ${factor}`, entry);
  }
  const most = Math.max(...Array.from(found.values(), ({ zones }) => zones));
  return [...found.values()].find(({ zones }) => zones === most)?.by ?? wanted;
}
