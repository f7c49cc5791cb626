import assert from 'node:assert/strict';
import { fitInSteps } from '../../../src/carbon/forecast/forecaster.ts';
import { readingAt } from '../../../src/carbon/report-reading.ts';
import type { Reading } from '../../../src/carbon/types.ts';
import { millis } from '../../../src/carbon/units.ts';
import { decisionNote } from '../../../src/timing/decision-note.ts';
import { at } from '../../support/hold.ts';
import { DAY, HOUR, gridSource, hoursOf, ownForecasts, reportOf } from '../../support/own-forecast.ts';
import { NOW } from '../../support/world.ts';
import { decide } from './deciding.ts';

/** Cleanest in the evening: 300 g at noon, 262 at 14:00, 239 at 15:00. */
function evening(hour: number): number {
  return Math.round(300 - 100 * Math.cos((((hour % 24) - 18.5) / 24) * 2 * Math.PI));
}

function readingAfter(days: number): Reading {
  const clock = { now: NOW };
  const { source } = gridSource({ clock, past: null });
  const own = ownForecasts(clock, { fit: (history) => fitInSteps(history) });
  const report = own.enricher()(reportOf(hoursOf(NOW - days * DAY, NOW + HOUR, evening), NOW), source);
  return readingAt(report, { soft: millis(2 * HOUR), hard: millis(6 * HOUR) }, NOW);
}

describe('decideHold with a forecast of our own', () => {
  it('expects the release when it foretells a value at or below the threshold', () => {
    const reading = readingAfter(21);
    assert.ok(reading.state === 'known' && reading.forecastBy === 'own');

    const found = decide({ candidates: ['eu-west-1'], values: { 'eu-west-1': reading } });

    assert.equal(found.action === 'wait' && found.expected, at('2026-03-02T15:00:00Z'));
  });

  it('goes by the value, not by the lower bound of its interval', () => {
    const reading = readingAfter(21);
    assert.ok(reading.state === 'known');
    const forecast = reading.forecast.map((step) => ({ ...step, value: reading.value, low: reading.value }));
    const hopeful = { ...reading, forecast: forecast.map((step) => ({ ...step, low: 0 as typeof step.low })) };

    const found = decide({ candidates: ['eu-west-1'], values: { 'eu-west-1': hopeful } });

    assert.equal(found.action === 'wait' && found.expected, at('2026-03-03T00:00:00Z'));
  });

  it('writes the same note whether the forecast has intervals or not', () => {
    const reading = readingAfter(21);
    assert.ok(reading.state === 'known');
    const bare = { ...reading, forecast: reading.forecast.map(({ start, end, value }) => ({ start, end, value })) };
    const [whole, without] = [reading, bare].map((each) =>
      decisionNote(decide({ candidates: ['eu-west-1'], values: { 'eu-west-1': each } })),
    );

    assert.deepEqual(whole, without);
  });

  it('has nothing to expect where too little of the past is known', () => {
    const found = decide({ candidates: ['eu-west-1'], values: { 'eu-west-1': readingAfter(10) } });

    assert.equal(found.action === 'wait' && found.expected, at('2026-03-03T00:00:00Z'));
  });
});
