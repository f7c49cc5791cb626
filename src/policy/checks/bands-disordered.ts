import { entries, own, ownAt, shown } from '../raw.ts';
import type { PolicyNotice } from '../types.ts';

/** Bands that do not ascend, share a name, or lack a bound elsewhere than at the end. */
export function bandsDisordered(document: unknown): readonly PolicyNotice[] {
  const bands = entries(ownAt(document, ['carbonIntensity', 'bands']));
  return bands.flatMap((band, index) => [...boundNotices(bands, index), ...nameNotices(bands, band, index)]);
}

function boundNotices(bands: readonly unknown[], index: number): readonly PolicyNotice[] {
  const path = `carbonIntensity.bands.${index}.below`;
  const below = own(bands[index], 'below');
  if (index === bands.length - 1) {
    if (below === undefined) return [];
    return [{ path, message: 'the last band has an upper bound', hint: 'leave it out, or add a band without one' }];
  }
  if (below === undefined) {
    return [{ path, message: 'only the last band has no upper bound', hint: 'give one, gCO2eq/kWh, e.g. 200' }];
  }
  const before = own(bands[index - 1], 'below');
  if (typeof below !== 'number' || typeof before !== 'number' || below > before) return [];
  return [{ path, message: `${below} is not above ${before}, the bound before it`, hint: 'order the bands by bound' }];
}

function nameNotices(bands: readonly unknown[], band: unknown, index: number): readonly PolicyNotice[] {
  const name = own(band, 'name');
  const first = bands.findIndex((other) => own(other, 'name') === name);
  if (typeof name !== 'string' || first === index) return [];
  const path = `carbonIntensity.bands.${index}.name`;
  return [{ path, message: `${shown(name)} is the name of band ${first} too`, hint: 'give each band its own name' }];
}
