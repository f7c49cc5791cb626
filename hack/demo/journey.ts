import type { Region } from '../../src/carbon/units.ts';
import { table } from './page.ts';
import { nameOf } from './works.ts';
import type { Work } from './works.ts';

/** What became of one piece of work. */
export interface Journey {
  readonly work: Work;
  /** When it was created: wall time in milliseconds, and on the grid's clock. */
  readonly at: number;
  readonly created: string;
  /** Where it might have run: permitted, and with nodes. */
  readonly permitted: readonly Region[];
  /** Mean intensity of those regions when it was created, gCO2eq/kWh; null: not known. */
  readonly without: number | null;
  /** Regions that it ran in, and their mean intensity when it was let go. */
  readonly ran: readonly string[];
  readonly with: number | null;
  /** How long it waited, on the grid's clock. */
  readonly waited: string;
}

/** `a, b` of what stands several times. */
export function distinct(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}

/** All of it in one table: what it met, against what it would have met. */
export function compare(journeys: readonly Journey[]): void {
  table(
    ['work', 'created', 'without, g/kWh', 'waited', 'with, g/kWh', 'change', 'ran in'],
    journeys
      .toSorted((a, b) => a.at - b.at)
      .map((journey) => [
        nameOf(journey.work),
        journey.created,
        grams(journey.without),
        journey.waited,
        grams(journey.with),
        change(journey),
        distinct(journey.ran),
      ]),
  );
}

function grams(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(0);
}

function change({ without, with: met }: Journey): string {
  if (without === null || met === null) return '';
  const percent = Math.round((met / without - 1) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
