import type { Place } from '../../placement/filter.ts';
import { REFUSALS } from '../../placement/reasons.ts';
import type { Refusal } from '../../placement/reasons.ts';
import { ByteWriter } from './byte-writer.ts';
import { filterResult } from './listed.ts';
import type { Listed } from './listed.ts';
import type { ScannedNames } from './name-scan.ts';

/** Outcomes kept for one list: as many as are likely to alternate between pods. */
const OUTCOMES_KEPT = 16;
const COMMA = Buffer.from(',');
const BEFORE_NAME = Buffer.from('{"Host":');
const BRACKETS = Buffer.from('[]');

/** A list of node names, each at a place, with the answers that were made for it. Names are never more than bytes. */
export class NameList implements Listed {
  /** The JSON text between the brackets of `NodeNames`. */
  readonly text: Buffer;
  readonly places: readonly Place[];
  readonly counts: readonly number[];
  readonly size: number;
  readonly #starts: Uint32Array;
  /** For each name the index of its place in `places`. */
  readonly #placeOf: Uint32Array;
  readonly #answers = new Map<string, Buffer>();
  readonly #passing = new Map<string, NameList>();

  /** `among`: the places that `placeOf` counts; those that no name stands in are left out. */
  constructor({ text, starts, placeOf }: ScannedNames, among: readonly Place[]) {
    this.text = text;
    this.size = placeOf.length;
    this.#starts = starts;
    const counts = new Uint32Array(among.length);
    for (const place of placeOf) counts[place] = (counts[place] ?? 0) + 1;
    const present = among.map((_, place) => place).filter((place) => counts[place] !== 0);
    const index = new Uint32Array(among.length);
    for (const [at, place] of present.entries()) index[place] = at;
    this.places = present.map((place) => among[place]);
    this.counts = present.map((place) => counts[place] ?? 0);
    this.#placeOf = placeOf.map((place) => index[place] ?? 0);
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
      const endings = scores.map((score) => Buffer.from(`,"Score":${score}},`));
      const room = BRACKETS.length + this.text.length + this.size * (BEFORE_NAME.length + longest(endings));
      const out = new ByteWriter(room);
      out.copy(BRACKETS, 0, 1);
      for (let at = 0; at < this.size; at += 1) {
        out.put(BEFORE_NAME);
        this.#copyName(at, out);
        out.put(endings[this.#placeOf[at] ?? 0] ?? COMMA);
      }
      if (this.size > 0) out.back();
      out.copy(BRACKETS, 1, 2);
      return out.written;
    });
  }

  #pick(verdicts: readonly (Refusal | null)[]): NameList {
    const passes = verdicts.map((refusal) => refusal === null);
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
    return new NameList(picked, this.places);
  }

  #refused(verdicts: readonly (Refusal | null)[]): Buffer {
    const endings = verdicts.map((refusal) =>
      refusal === null ? null : Buffer.from(`:${JSON.stringify(REFUSALS[refusal])},`),
    );
    const refused = endings.map((ending, place) => (ending === null ? 0 : (this.counts[place] ?? 0)));
    const room = refused.reduce((sum, count, place) => sum + count * (endings[place]?.length ?? 0), this.text.length);
    const out = new ByteWriter(room);
    for (let at = 0; at < this.size; at += 1) {
      const ending = endings[this.#placeOf[at] ?? 0] ?? null;
      if (ending === null) continue;
      this.#copyName(at, out);
      out.put(ending);
    }
    if (out.length > 0) out.back();
    return out.written;
  }

  /** Name and quotes. */
  #copyName(at: number, out: ByteWriter): void {
    out.copy(this.text, this.#starts[at] ?? 0, (this.#starts[at + 1] ?? 0) - 1);
  }
}

function longest(pieces: readonly Buffer[]): number {
  return Math.max(0, ...pieces.map(({ length }) => length));
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
