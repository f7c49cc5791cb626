import { Cron } from 'croner';
import { instant } from '../carbon/units.ts';
import type { Instant } from '../carbon/units.ts';

/** When a CronJob runs, as its spec says it. */
export interface CronSchedule {
  readonly schedule: string;
  /** An IANA name. Null: the controller manager's own zone, which is taken for UTC. */
  readonly timeZone: string | null;
}

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
/** The highest value of minute, hour, day of month, month, day of week. */
const HIGHEST = [59, 23, 31, 12, 6];
const HOUR = 1;

/**
 * The first time strictly after a moment at which a CronJob's schedule runs; null where there is none, or the schedule
 * cannot be read. Null as well for `@every 90m`: it counts from the CronJob's last run, which the schedule does not tell.
 * The pattern is parsed at each call: croner needs 100 KB for one.
 */
export function nextSchedule({ schedule, timeZone }: CronSchedule, after: Instant): Instant | null {
  try {
    const cron = new Cron(pattern(schedule), { mode: '5-part', timezone: timeZone ?? 'UTC' });
    const next = cron.nextRun(new Date(after));
    return next === null ? null : instant(next.getTime());
  } catch {
    return null;
  }
}

/** The schedule in croner's words, wherever those differ from the ones of robfig/cron, which Kubernetes reads it with. */
function pattern(schedule: string): string {
  const fields = (DESCRIPTORS[schedule] ?? schedule).trim().split(/\s+/);
  return fields.map(field).join(' ');
}

function field(text: string, index: number): string {
  const items = text.split(',').map((item) => listItem(item, index));
  // One star in a list makes the field unrestricted, which matters where day of month meets day of week.
  return items.includes('*') ? '*' : items.join(',');
}

function listItem(item: string, index: number): string {
  const [range = '', step] = item.split('/');
  if (range === '*' || range === '?') return step === undefined || step === '1' ? '*' : `*/${step}`;
  if (range.includes('-')) return item;
  if (step !== undefined) return `${range}-${String(HIGHEST[index])}/${step}`;
  // A single hour makes croner move a time that summer time skips, and drop the second of one that comes twice.
  // robfig/cron does neither, and nor does croner for what looks like an interval.
  return index === HOUR ? `${range}-${range}/1` : item;
}
