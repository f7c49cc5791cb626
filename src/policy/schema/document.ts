import { z } from 'zod';
import { accepting } from './accepts.ts';
import { budgetsSection } from './budgets.ts';
import { carbonIntensitySection } from './carbon-intensity.ts';
import { classesSection } from './classes.ts';
import { regionsSection } from './regions.ts';
import { residencySection } from './residency.ts';
import { schedulerSection } from './scheduler.ts';
import { windowsSection } from './windows.ts';

export const API_VERSION = 'lowtide.dev/v1alpha1';
export const KIND = 'Policy';

/** The policy document, whole: what every key accepts, means and is without being written. */
export const policyDocument = z.strictObject({
  apiVersion: accepting(z.literal(API_VERSION), API_VERSION).describe('Version of this format.'),
  kind: accepting(z.literal(KIND), KIND).describe('Always Policy.'),
  carbonIntensity: carbonIntensitySection.prefault({}).describe('How carbon intensity is named.'),
  classes: classesSection,
  regions: regionsSection,
  windows: windowsSection,
  residency: residencySection.prefault({}).describe('Where work may run.'),
  budgets: budgetsSection,
  scheduler: schedulerSection.prefault({}).describe('How regions are ranked and work is released.'),
});

/** A document in which every key has its value. */
export type PolicyDocument = z.output<typeof policyDocument>;
