import { hours } from '../../../support/hold.ts';
import { fullHours, hour, known, MIDNIGHT, planRegion } from '../../../support/plan.ts';
import { grams } from '../../../support/world.ts';
import { ahead, BARE, checkPlans, open, TRAIL } from './planning.ts';

describe('planWork: without a forecast', () => {
  checkPlans({
    'falls back on the threshold of the class': {
      asked: 'window',
      given: { regions: [BARE], rules: { threshold: grams(200) } },
      act: 'wait',
      reason: 'intensity-above-threshold',
      strategy: 'threshold',
      degraded: 'no-forecast',
    },
    'waits for hours that the policy knows to be clean': {
      asked: 'window',
      given: { regions: [BARE, planRegion('se', { clean: ahead })], rules: { threshold: grams(400) } },
      act: 'wait',
      reason: 'clean-hours-ahead',
      strategy: 'window',
      degraded: 'no-forecast',
      first: ['se', 2],
    },
    'waits for the first of them': {
      asked: 'interruptible',
      given: {
        regions: [planRegion('se', { clean: ahead }), planRegion('de', { clean: { ...ahead, start: hour(1) } })],
      },
      act: 'wait',
      reason: 'clean-hours-ahead',
      strategy: 'window',
      degraded: 'no-forecast',
      first: ['de', 1],
    },
    'runs in them': {
      asked: 'window',
      given: { regions: [planRegion('se', { clean: ahead }), planRegion('de', { clean: open })] },
      act: 'run',
      reason: 'in-clean-hours',
      strategy: 'window',
      degraded: 'no-forecast',
      first: ['de', 0],
    },
    'waits for room in them': {
      asked: 'window',
      given: { regions: [planRegion('de', { clean: open, full: fullHours('1') })] },
      act: 'wait',
      reason: 'regions-full',
      strategy: 'window',
      degraded: 'no-forecast',
    },
    'does not wait for clean hours that begin too late': {
      asked: 'window',
      given: { regions: [planRegion('de', { clean: ahead })], waitLeft: hours(2) },
      act: 'run',
      reason: 'no-threshold',
      strategy: 'threshold',
      degraded: 'no-forecast',
      first: ['de', 0],
    },
    'does not wait for clean hours that are over': {
      asked: 'window',
      given: { regions: [planRegion('de', { clean: { ...open, end: MIDNIGHT } })] },
      act: 'run',
      reason: 'no-threshold',
      strategy: 'threshold',
      degraded: 'no-forecast',
      first: ['de', 0],
    },
    'goes by what was seen of late where work may be paused': {
      asked: 'interruptible',
      given: { regions: [planRegion('de', { intensity: grams(390), trail: TRAIL })], remaining: known(3) },
      act: 'wait',
      reason: 'online-declines',
      strategy: 'online',
      degraded: 'no-forecast',
    },
    'goes by its threshold where it may not': {
      asked: 'window',
      given: { regions: [planRegion('de', { intensity: grams(390), trail: TRAIL })], rules: { threshold: grams(400) } },
      act: 'run',
      reason: 'intensity-below-threshold',
      strategy: 'threshold',
      degraded: 'no-forecast',
      first: ['de', 0],
    },
    'goes by its threshold where nothing was seen of late': {
      asked: 'online',
      given: { regions: [BARE], rules: { threshold: grams(200) } },
      act: 'wait',
      reason: 'intensity-above-threshold',
      strategy: 'threshold',
      degraded: 'no-trail',
    },
  });
});
