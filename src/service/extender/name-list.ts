import type { Place } from '../../placement/filter.ts';
import { REFUSALS } from '../../placement/reasons.ts';
import type { Refusal } from '../../placement/reasons.ts';
import { ByteWriter } from './byte-writer.ts';
import { filterResult } from './listed.ts';
import type { Listed } from './listed.ts';
import type { ScannedNames } from './name-scan.ts';

/** Outcomes kept for one list: as many as are likely to alternate between pods. */
const OUTCOMES_KEPT = 8;
const COMMA = Buffer.from(',');
const BEFORE_NAME = Buffer.from('{"Host":');
const NOTHING = Buffer.alloc(0);
const BRACKETS = Buffer.from('[]');

/** A list of node names, each at a place, with the answers that were made for it. Names are never more than bytes. */
export class NameList implements Listed {
  /** The JSON text between the brackets of `NodeNames`. */
  readonly text: Buffer;
  readonly places: readonly Place[];
  readonly counts: readonly number[];
  readonly size: number;
  readonly #starts: Uint32Array;
  /** For each name the number of its place in the table. */
  readonly #placeOf: Uint32Array;
  /** The table's places, those included that no name stands in. */
  readonly #among: readonly Place[];
  readonly #answers = new Map<string, Buffer>();
  readonly #passing = new Map<string, NameList>();

  constructor({ text, starts, placeOf }: ScannedNames, among: readonly Place[]) {
    this.text = text;
    this.size = placeOf.length;
    this.#starts = starts;
    this.#placeOf = placeOf;
    this.#among = among;
    const counts = new Uint32Array(among.length);
    for (const place of placeOf) counts[place] = (counts[place] ?? 0) + 1;
    this.places = among.filter((_, place) => counts[place] !== 0);
    this.counts = [...counts].filter((count) => count !== 0);
  }

  /** Whether the list was made with these places: each table has its own. */
  isOf(places: readonly Place[]): boolean {
    return this.#among === places;
  }

  /** The list of those that pass, in order: what kube-scheduler asks the scores of next. */
  passing(verdicts: readonly (Refusal | null)[]): NameList {
    if (verdicts.every((refusal) => refusal === null)) return this;
    return once(this.#passing, verdicts.join(), () => this.#pick(verdicts));
  }

  filterAnswer(verdicts: readonly (Refusal | null)[]): Buffer {
    return once(this.#answers, `filter ${verdicts.join()}`, () =>
      filterResult('null', this.passing(verdicts).text, this.#refused(verdicts)),
    );
  }

  prioritizeAnswer(scores: readonly number[]): Buffer {
    return once(this.#answers, `scores ${scores.join()}`, () => {
      const endings = this.#byTable(scores.map((score) => Buffer.from(`,"Score":${score}},`)));
      const room = BRACKETS.length + this.text.length + this.size * (BEFORE_NAME.length + longest(endings));
      const out = new ByteWriter(room);
      out.copy(BRACKETS, 0, 1);
      for (let at = 0; at < this.size; at += 1) {
        out.put(BEFORE_NAME);
        this.#copyName(at, out);
        out.put(endings[this.#placeOf[at] ?? 0] ?? NOTHING);
      }
      if (this.size > 0) out.back();
      out.copy(BRACKETS, 1, 2);
      return out.written;
    });
  }

  #pick(verdicts: readonly (Refusal | null)[]): NameList {
    const passes = this.#byTable(verdicts.map((refusal) => refusal === null));
    const out = new ByteWriter(this.text.length + 1);
    const starts = new Uint32Array(this.size + 1);
    const placeOf = new Uint32Array(this.size);
    let count = 0;
    for (let at = 0; at < this.size; at += 1) {
      const place = this.#placeOf[at] ?? 0;
      if (passes[place] !== true) continue;
      starts[count] = out.length;
      placeOf[count] = place;
      count += 1;
      this.#copyName(at, out);
      out.put(COMMA);
    }
    starts[count] = out.length;
    if (count > 0) out.back();
    const picked = { text: out.written, starts: starts.subarray(0, count + 1), placeOf: placeOf.subarray(0, count) };
    return new NameList(picked, this.#among);
  }

  #refused(verdicts: readonly (Refusal | null)[]): Buffer {
    const endings = verdicts.map((refusal) =>
      refusal === null ? null : Buffer.from(`:${JSON.stringify(REFUSALS[refusal])},`),
    );
    const room = endings.reduce(
      (sum, ending, at) => sum + (this.counts[at] ?? 0) * (ending?.length ?? 0),
      this.text.length,
    );
    const out = new ByteWriter(room);
    const byTable = this.#byTable(endings);
    for (let at = 0; at < this.size; at += 1) {
      const ending = byTable[this.#placeOf[at] ?? 0] ?? null;
      if (ending === null) continue;
      this.#copyName(at, out);
      out.put(ending);
    }
    if (out.length > 0) out.back();
    return out.written;
  }

  /** Values by place of the list, put where the table's numbers of these places find them. */
  #byTable<Value>(values: readonly Value[]): readonly (Value | undefined)[] {
    return this.#among.map((place) => {
      const at = this.places.indexOf(place);
      return at < 0 ? undefined : values[at];
    });
  }

  /** Name and quotes. */
  #copyName(at: number, out: ByteWriter): void {
    out.copy(this.text, this.#starts[at] ?? 0, (this.#starts[at + 1] ?? 0) - 1);
  }
}

function longest(pieces: readonly (Buffer | undefined)[]): number {
  return Math.max(0, ...pieces.map((piece) => piece?.length ?? 0));
}

/** What the map keeps under the key, or what `make` builds now. */
function once<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (kept.size >= OUTCOMES_KEPT) kept.clear();
  kept.set(key, made);
  return made;
}
