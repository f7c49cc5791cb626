import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../../src/carbon/units.ts';
import { nextSchedule } from '../../../src/kubernetes/cron-schedule.ts';

/** A Saturday. */
const NOW = '2026-11-21T10:00:00Z';

function next(
  schedule: string,
  { timeZone = null, after = NOW }: { timeZone?: string | null; after?: string } = {},
): string | null {
  const found = nextSchedule({ schedule, timeZone }, instant(Date.parse(after)));
  return found === null ? null : new Date(found).toISOString().replace(':00.000Z', 'Z');
}

describe('nextSchedule', () => {
  const table: Record<string, { schedule: string; timeZone?: string; after?: string; want: string | null }> = {
    'every five minutes': { schedule: '*/5 * * * *', want: '2026-11-21T10:05Z' },
    'within the minute': { schedule: '* * * * *', after: '2026-11-21T10:00:59.900Z', want: '2026-11-21T10:01Z' },
    'strictly after': { schedule: '0 10 * * *', want: '2026-11-22T10:00Z' },
    'a step from a number on': { schedule: '5/15 * * * *', after: '2026-11-21T10:36:00Z', want: '2026-11-21T10:50Z' },
    'a step of hours from a number on': { schedule: '0 3/6 * * *', want: '2026-11-21T15:00Z' },
    'a step within a range': { schedule: '0 8-18/4 * * *', want: '2026-11-21T12:00Z' },
    'names in any case': { schedule: '0 0 * jan-mar Mon', want: '2027-01-04T00:00Z' },
    'a step of months from a name on': { schedule: '0 0 1 oct/2 *', want: '2026-12-01T00:00Z' },
    'a question mark': { schedule: '0 0 ? * mon', want: '2026-11-23T00:00Z' },
    'more room between fields': { schedule: '  0   0 *\t* * ', want: '2026-11-22T00:00Z' },
    'a day of the month or of the week, both named': { schedule: '0 0 1 * wed', want: '2026-11-25T00:00Z' },
    'a day of the week and any day of the month': { schedule: '0 0 * * wed', want: '2026-11-25T00:00Z' },
    'a step of one, which is any day': { schedule: '0 0 */1 * wed', want: '2026-11-25T00:00Z' },
    'any day by a star in a list': { schedule: '0 0 1,* * wed', want: '2026-11-25T00:00Z' },
    'a step of days, which restricts': { schedule: '0 0 */2 * wed', want: '2026-11-23T00:00Z' },
    'the 29th of February': { schedule: '0 0 29 2 *', want: '2028-02-29T00:00Z' },
    'a day that never comes': { schedule: '0 0 31 2 *', want: null },
    '@hourly': { schedule: '@hourly', want: '2026-11-21T11:00Z' },
    '@daily': { schedule: '@daily', want: '2026-11-22T00:00Z' },
    '@midnight': { schedule: '@midnight', want: '2026-11-22T00:00Z' },
    '@weekly': { schedule: '@weekly', want: '2026-11-22T00:00Z' },
    '@monthly': { schedule: '@monthly', want: '2026-12-01T00:00Z' },
    '@yearly': { schedule: '@yearly', want: '2027-01-01T00:00Z' },
    '@annually': { schedule: '@annually', want: '2027-01-01T00:00Z' },
    'a time zone': { schedule: '0 6 * * *', timeZone: 'Asia/Tokyo', want: '2026-11-21T21:00Z' },
    'an interval whose start is not known': { schedule: '@every 90m', want: null },
    'a zone within the schedule, which the API server refuses': { schedule: 'CRON_TZ=UTC 0 0 * * *', want: null },
    'seconds, which Kubernetes does not read': { schedule: '0 0 0 * * *', want: null },
    'a zone that does not exist': { schedule: '0 0 * * *', timeZone: 'Mars/Olympus', want: null },
    nonsense: { schedule: 'now and then', want: null },
    'nothing at all': { schedule: '', want: null },
  };
  for (const [what, { schedule, want, ...rest }] of Object.entries(table)) {
    it(`reads ${what}: ${schedule}`, () => {
      assert.equal(next(schedule, rest), want);
    });
  }

  describe('where clocks are changed', () => {
    const berlin: Record<string, { schedule: string; after: string; want: string }> = {
      'leaves out an hour that does not come': {
        schedule: '30 2 * * *',
        after: '2026-03-28T12:00:00Z',
        want: '2026-03-30T00:30Z',
      },
      'runs in the first of an hour that comes twice': {
        schedule: '30 2 * * *',
        after: '2026-10-24T12:00:00Z',
        want: '2026-10-25T00:30Z',
      },
      'runs in the second of it too': {
        schedule: '30 2 * * *',
        after: '2026-10-25T00:30:00Z',
        want: '2026-10-25T01:30Z',
      },
    };
    for (const [what, { schedule, after, want }] of Object.entries(berlin)) {
      it(what, () => {
        assert.equal(next(schedule, { after, timeZone: 'Europe/Berlin' }), want);
      });
    }
  });

  it('agrees with a minute by minute search, for any schedule', () => {
    fc.assert(
      fc.property(schedules(), fc.integer({ min: 0, max: 366 * 24 * 60 }), (fields, minutes) => {
        const after = Date.parse('2027-01-01T00:00:00Z') + minutes * 60_000;
        const wanted = search(fields, after);
        const found = nextSchedule({ schedule: fields.map(written).join(' '), timeZone: null }, instant(after));
        if (wanted === null) assert.ok(found === null || found > after + SEARCHED * 60_000);
        else assert.equal(found, wanted);
      }),
      { numRuns: 200 },
    );
  });
});

/** A field: its text and the values it stands for; star: whether it restricts nothing. */
interface Field {
  readonly text: string;
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

const BOUNDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;
/** How many minutes the search looks ahead. */
const SEARCHED = 7 * 24 * 60;

function schedules(): fc.Arbitrary<readonly Field[]> {
  return fc.tuple(...BOUNDS.map(([low, high]) => fieldOf(low, high)));
}

function fieldOf(low: number, high: number): fc.Arbitrary<Field> {
  const star = fc.constantFrom('*', '?', '*/1').map((text) => ({ text, values: range(low, high, 1), star: true }));
  const one = fc.integer({ min: low, max: high });
  const single = one.map((value) => ({ text: String(value), values: new Set([value]), star: false }));
  const stepped = fc.tuple(one, fc.integer({ min: 1, max: 3 })).map(([from, step]) => ({
    text: `${from}/${step}`,
    values: range(from, high, step),
    star: false,
  }));
  const starStep = fc.constant({ text: '*/2', values: range(low, high, 2), star: false });
  const between = fc.tuple(one, one).map(([a, b]) => ({
    text: `${Math.min(a, b)}-${Math.max(a, b)}`,
    values: range(Math.min(a, b), Math.max(a, b), 1),
    star: false,
  }));
  const item = fc.oneof({ weight: 3, arbitrary: star }, single, stepped, starStep, between);
  return fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => ({
    text: items.map(({ text }) => text).join(','),
    values: new Set(items.flatMap(({ values }) => [...values])),
    star: items.some((each) => each.star),
  }));
}

function range(from: number, to: number, step: number): ReadonlySet<number> {
  return new Set(Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step));
}

function written({ text }: Field): string {
  return text;
}

function search(fields: readonly Field[], after: number): number | null {
  for (let at = after + 60_000; at <= after + SEARCHED * 60_000; at += 60_000) {
    if (matches(fields, new Date(at))) return at;
  }
  return null;
}

function matches([minute, hour, day, month, weekday]: readonly Field[], at: Date): boolean {
  const has = (field: Field | undefined, value: number): boolean => field?.values.has(value) === true;
  if (!has(minute, at.getUTCMinutes()) || !has(hour, at.getUTCHours()) || !has(month, at.getUTCMonth() + 1))
    return false;
  const [onDay, onWeekday] = [has(day, at.getUTCDate()), has(weekday, at.getUTCDay())];
  return day?.star === true || weekday?.star === true ? onDay && onWeekday : onDay || onWeekday;
}
