import { z } from 'zod';
import { STRATEGIES } from '../strategies.ts';
import { choice, duration, intensity, percentage, quantityOf, tableOf } from './fields.ts';

const workClass = z.strictObject({
  maxDelay: duration('90m')
    .prefault('0s')
    .describe('Longest sum of all holds and pauses. Default and ceiling for the annotation max-delay.'),
  maxIntensity: intensity()
    .optional()
    .describe('gCO2eq/kWh; work of this class avoids regions above it. Default and ceiling for the annotation.'),
  strategy: choice(...STRATEGIES)
    .prefault('window')
    .describe('How a start is found within maxDelay; work that may be paused is, with window too.'),
  price: quantityOf('gCO2eq per kWh and hour of delay')
    .prefault(0)
    .describe('What an hour of delay has to save, gCO2eq per kWh.'),
  minGain: percentage('2%').prefault('0%').describe('Least saving that is worth a delay, percent.'),
});

/** The classes that the annotation `lowtide.dev/class` always knows; a row of the same name replaces one whole. */
const BUILT_IN = {
  urgent: { maxDelay: '0s' },
  standard: { maxDelay: '60m', maxIntensity: 400 },
  deferrable: { maxDelay: '12h', maxIntensity: 250 },
};

const rows = tableOf(workClass);
export const classesSection = rows.prefault(BUILT_IN).describe('Classes of work by name: how elastic it is.');
export const builtInClasses = rows.parse(BUILT_IN);
