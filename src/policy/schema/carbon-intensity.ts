import { z } from 'zod';
import { intensity, name } from './fields.ts';

const band = z.strictObject({
  name: name('a band').describe('Name of the band, unique.'),
  below: intensity()
    .optional()
    .describe(
      'Upper bound, gCO2eq/kWh, itself outside the band; ascending. The last band has none, every other has one.',
    ),
});

export const carbonIntensitySection = z.strictObject({
  bands: z
    .array(band)
    .min(1)
    .prefault([
      { name: 'clean', below: 200 },
      { name: 'moderate', below: 400 },
      { name: 'high', below: 600 },
      { name: 'very-high' },
    ])
    .describe('Bands of carbon intensity, any number of them, ascending.'),
});
