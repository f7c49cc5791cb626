import { region } from '../../../carbon/units.ts';
import type { Region } from '../../../carbon/units.ts';
import type { JobKind, JobTable } from '../../../simulation/types.ts';
import { quote } from '../../../sources/csv-trace/cells.ts';
import type { Problems } from '../../../sources/csv-trace/problems.ts';
import { Growing } from './growing.ts';
import type { Header, JobColumn } from './header.ts';
import { Names } from './names.ts';
import { numberCell } from './number-cell.ts';
import type { CsvRecord } from './csv-record.ts';
import { SeenIds } from './seen-ids.ts';
import { TimeReader } from './time-cell.ts';

const MINUTE_MS = 60_000;
const YES_OR_NO: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
/** So many names of one column fit a kind's number. */
const MOST_NAMES = 4096;

const TIME = 'an RFC 3339 time with its offset, such as 2026-03-02T06:00:00Z';
const WANTED = {
  arrival: TIME,
  deadline: `${TIME}, or nothing`,
  duration_min: 'minutes above 0, such as 90',
  energy_kwh: 'kWh from 0 up, such as 0.3',
  data_gb: 'GB from 0 up, or nothing',
  class: 'the name of a class',
  residency: 'the name of a residency set',
  interruptible: 'true, false or nothing',
} as const;

/** Collects the rows of jobs.csv as columns. */
export class JobRows {
  readonly #header: Header['at'];
  readonly #cells: number;
  readonly #problems: Problems;
  readonly #seen = new SeenIds();
  readonly #arrivals = new TimeReader();
  readonly #deadlines = new TimeReader();
  readonly #names = { class: new Names(), residency: new Names(), regions: new Names(), interruptible: new Names() };
  readonly #kinds: JobKind[] = [];
  readonly #kindOf = new Map<number, number>();
  readonly #columns = {
    ...{ arrival: new Growing(), duration: new Growing(), energy: new Growing() },
    ...{ deadline: new Growing(), dataGb: new Growing(), kind: new Growing(), line: new Growing() },
  };

  constructor({ at, cells }: Header, problems: Problems) {
    this.#header = at;
    this.#cells = cells;
    this.#problems = problems;
  }

  add(record: CsvRecord): void {
    if (record.cells !== this.#cells) {
      const found = `${record.cells} cells, where the header has ${this.#cells}`;
      this.#problems.add(record.line, `${found}: give each column a cell`);
      return;
    }
    this.#id(record);
    this.#times(record);
    this.#amounts(record);
    this.#columns.kind.push(this.#kind(record));
    this.#columns.line.push(record.line);
  }

  /** The table, and the line of each row. */
  table(): { readonly jobs: JobTable; readonly lines: Float64Array } {
    const { kind, line, ...columns } = this.#columns;
    const { arrival, duration, energy, deadline, dataGb } = columns;
    const jobs = {
      count: this.#seen.ids.length,
      ids: this.#seen.ids,
      ...{ arrival: arrival.values(), duration: duration.values(), energy: energy.values() },
      ...{ deadline: deadline.values(), dataGb: dataGb.values() },
      kind: Uint32Array.from(kind.values()),
      kinds: this.#kinds,
    };
    return { jobs, lines: line.values() };
  }

  #id(record: CsvRecord): void {
    const id = record.text(this.#header.id);
    if (id === '') this.#problems.add(record.line, 'column id is empty: every job has an id of its own');
    const first = this.#seen.add(id);
    if (first === null || id === '') return;
    const line = this.#columns.line.values()[first] ?? 0;
    this.#problems.add(record.line, `id ${quote(id)} already stands on line ${line}: every job has an id of its own`);
  }

  #times(record: CsvRecord): void {
    const { arrival, deadline } = this.#header;
    const { columns, problems } = { columns: this.#columns, problems: this.#problems };
    const at = this.#arrivals.read(record, arrival);
    if (Number.isNaN(at)) this.#wrong(record, 'arrival');
    columns.arrival.push(at);
    const until = record.isEmpty(deadline) ? NaN : this.#deadlines.read(record, deadline);
    if (Number.isNaN(until) && !record.isEmpty(deadline)) this.#wrong(record, 'deadline');
    else if (until < at) {
      problems.add(record.line, `deadline ${quote(record.text(deadline))} is before the arrival: give a later one`);
    }
    columns.deadline.push(until);
  }

  #amounts(record: CsvRecord): void {
    const { duration_min, energy_kwh } = this.#header;
    const duration = Math.round(numberCell(record, duration_min) * MINUTE_MS);
    if (!(duration > 0 && duration <= Number.MAX_SAFE_INTEGER)) this.#wrong(record, 'duration_min');
    const energy = numberCell(record, energy_kwh);
    if (!(energy >= 0 && energy < Infinity)) this.#wrong(record, 'energy_kwh');
    this.#columns.duration.push(duration);
    this.#columns.energy.push(energy);
    this.#columns.dataGb.push(this.#data(record));
  }

  #data(record: CsvRecord): number {
    const { data_gb, data_region, home_region } = this.#header;
    if (record.isEmpty(data_gb)) return 0;
    const gb = numberCell(record, data_gb);
    if (!(gb >= 0 && gb < Infinity)) this.#wrong(record, 'data_gb');
    else if (gb > 0 && record.isEmpty(data_region) && record.isEmpty(home_region)) {
      const found = `data_gb ${quote(record.text(data_gb))} without data_region`;
      this.#problems.add(record.line, `${found}: name the region where the data lies`);
    }
    return gb;
  }

  #kind(record: CsvRecord): number {
    const { class: classes, residency, regions } = this.#names;
    const at = this.#header;
    const workClass = this.#required(record, 'class', classes);
    const set = this.#required(record, 'residency', residency);
    const home = regions.index(record, at.home_region);
    const data = regions.index(record, at.data_region);
    const stops = this.#interruptible(record);
    const places = (home + 1) * MOST_NAMES + data + 1;
    const key = 2 * (((workClass + 1) * MOST_NAMES + set + 1) * MOST_NAMES ** 2 + places) + (stops ? 1 : 0);
    const known = this.#kindOf.get(key);
    if (known !== undefined) return known;
    const place = (index: number): Region | null => (index < 0 ? null : region(regions.values[index] ?? ''));
    const names = { workClass: classes.values[workClass] ?? '', residency: residency.values[set] ?? '' };
    const kind = this.#kinds.push({ ...names, home: place(home), interruptible: stops, dataRegion: place(data) }) - 1;
    this.#kindOf.set(key, kind);
    return kind;
  }

  #required(record: CsvRecord, column: 'class' | 'residency', names: Names): number {
    const index = names.index(record, this.#header[column]);
    if (index < 0) this.#wrong(record, column);
    if (index === MOST_NAMES - 2)
      this.#problems.add(record.line, `more than ${MOST_NAMES} names in column ${column}: use fewer`);
    return index;
  }

  #interruptible(record: CsvRecord): boolean {
    const names = this.#names.interruptible;
    const index = names.index(record, this.#header.interruptible);
    if (index < 0) return false;
    const read = YES_OR_NO.get((names.values[index] ?? '').toLowerCase());
    if (read === undefined) this.#wrong(record, 'interruptible');
    return read ?? false;
  }

  #wrong(record: CsvRecord, column: JobColumn & keyof typeof WANTED): void {
    const found = quote(record.text(this.#header[column]));
    this.#problems.add(record.line, `column ${column}: ${found} is not accepted: give ${WANTED[column]}`);
  }
}
