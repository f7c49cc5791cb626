import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../../src/carbon/report.ts';
import { zone } from '../../../../src/carbon/units.ts';
import { ReportStore } from '../../../../src/sources/chain/report-store.ts';
import { AGES, foretold, minutes, observed, zoneReport } from '../../../support/zone-reports.ts';

const DE = zone('DE');
const NOON = zoneReport({ observed: [observed(-60, 0, 300)], fetchedAt: minutes(0) });

describe('ReportStore', () => {
  const keeping: Record<string, { report: ZoneReport; at: number; want: boolean }> = {
    'keeps newer data': {
      report: zoneReport({ observed: [observed(0, 60, 310)], fetchedAt: minutes(5) }),
      at: 5,
      want: true,
    },
    'keeps the same data, fetched again': { report: { ...NOON, fetchedAt: minutes(5) }, at: 5, want: true },
    'refuses older data while what it has is fresh': {
      report: zoneReport({ observed: [observed(-120, -30, 200)], fetchedAt: minutes(5) }),
      at: 5,
      want: false,
    },
    'refuses older data that is not fresh, whatever it has': {
      report: zoneReport({ observed: [observed(-240, -180, 200)], fetchedAt: minutes(90) }),
      at: 90,
      want: false,
    },
    'keeps a forecast in place of data that is no longer fresh': {
      report: zoneReport({
        observed: [observed(-120, -30, 200)],
        forecast: [foretold(60, 120, 1)],
        fetchedAt: minutes(90),
      }),
      at: 90,
      want: true,
    },
    'keeps a forecast without data': {
      report: zoneReport({ forecast: [foretold(0, 60, 150)], fetchedAt: minutes(5) }),
      at: 5,
      want: true,
    },
    'refuses what was fetched earlier': { report: { ...NOON, fetchedAt: minutes(-5) }, at: 5, want: false },
    'keeps what was fetched earlier by a clock that was set back': {
      report: { ...NOON, fetchedAt: minutes(-60) },
      at: -60,
      want: true,
    },
  };
  for (const [sentence, { report, at, want }] of Object.entries(keeping)) {
    it(sentence, () => {
      const store = new ReportStore();
      store.keep('first', NOON, AGES, minutes(0));

      assert.equal(store.keep('first', report, AGES, minutes(at)), want);
      assert.equal(store.get('first', DE), want ? report : NOON);
      store.close();
    });
  }

  it('keeps sources and zones apart', () => {
    const store = new ReportStore();
    store.keep('first', NOON, AGES, minutes(0));

    assert.equal(store.get('second', DE), null);
    assert.equal(store.get('first', zone('FR')), null);
  });

  it('forgets what is not wanted any more, and everything when it is closed', () => {
    const store = new ReportStore();
    store.keep('first', NOON, AGES, minutes(0));
    store.keep('second', NOON, AGES, minutes(0));

    store.retain(['second'], new Set([DE]));
    assert.deepEqual([store.get('first', DE), store.get('second', DE)], [null, NOON]);
    store.close();
    assert.equal(store.get('second', DE), null);
  });

  it('merges a report that was fetched later, and no other', () => {
    const store = new ReportStore();
    const later = { ...NOON, fetchedAt: minutes(5) };
    store.keep('first', NOON, AGES, minutes(0));

    assert.equal(store.merge('first', { ...NOON, fetchedAt: minutes(-5) }, AGES, minutes(6)), false);
    assert.equal(store.merge('first', { ...NOON }, AGES, minutes(6)), false);
    assert.equal(store.merge('first', later, AGES, minutes(6)), true);
    assert.equal(store.get('first', DE), later);
  });
});
