import type { Place } from '../../placement/filter.ts';
import { REFUSALS } from '../../placement/reasons.ts';
import type { Refusal } from '../../placement/reasons.ts';
import type { NodeCatalog } from '../../placement/types.ts';
import { ExtenderError } from './errors.ts';
import { filterResult } from './listed.ts';
import type { Listed } from './listed.ts';
import { PlaceIndex } from './place-index.ts';
import { isNameList, tryParse } from './request.ts';

/** Outcomes kept for one list: as many as are likely to alternate between pods. */
const OUTCOMES_KEPT = 16;
const BACKSLASH = 0x5c;

/** The parts of a list, before it is one. */
interface Parts {
  readonly text: Buffer;
  readonly names: readonly string[];
  readonly placeOf: Uint32Array;
  readonly index: PlaceIndex;
}

/** A list of node names, each resolved to its place once, with the answers that were made for it. */
export class NameList implements Listed {
  /** The JSON text between the brackets of `NodeNames`. */
  readonly text: Buffer;
  readonly places: readonly Place[];
  readonly counts: readonly number[];
  readonly #names: readonly string[];
  readonly #placeOf: Uint32Array;
  readonly #quoted: (name: string) => string;
  readonly #answers = new Map<string, Buffer>();
  readonly #passing = new Map<string, NameList>();

  private constructor({ text, names, placeOf, index }: Parts) {
    this.text = text;
    this.places = index.places;
    this.counts = index.counts;
    this.#names = names;
    this.#placeOf = placeOf;
    // JSON text without a backslash holds no name that would need one.
    this.#quoted = text.includes(BACKSLASH) ? JSON.stringify : (name) => `"${name}"`;
  }

  get size(): number {
    return this.#names.length;
  }

  /** @throws ExtenderError where the text is not a list of strings. */
  static resolve(text: Buffer, catalog: NodeCatalog): NameList {
    const names = tryParse(`[${text.toString('utf8')}]`);
    if (names === undefined) throw new ExtenderError('extender-not-json');
    if (!isNameList(names)) throw new ExtenderError('extender-no-nodes');
    const index = new PlaceIndex();
    const placeOf = Uint32Array.from(names, (name) => index.add(catalog.regionOf(name)));
    return new NameList({ text: Buffer.from(text), names, placeOf, index });
  }

  /** The list of those that pass, in order: what kube-scheduler asks the scores of next. */
  passing(verdicts: readonly (Refusal | null)[]): NameList {
    if (verdicts.every((refusal) => refusal === null)) return this;
    return once(this.#passing, verdicts.join(), () => this.#pick(verdicts));
  }

  #pick(verdicts: readonly (Refusal | null)[]): NameList {
    const index = new PlaceIndex();
    const names: string[] = [];
    const placeOf = new Uint32Array(this.size);
    for (const [at, name] of this.#names.entries()) {
      const place = this.#placeOf[at] ?? 0;
      if (verdicts[place] !== null) continue;
      placeOf[names.length] = index.add(this.places[place]);
      names.push(name);
    }
    return new NameList({ text: Buffer.from(JSON.stringify(names).slice(1, -1)), names, placeOf, index });
  }

  filterAnswer(verdicts: readonly (Refusal | null)[]): Buffer {
    return once(this.#answers, `filter ${verdicts.join()}`, () =>
      filterResult('null', this.passing(verdicts).text, this.#refused(verdicts)),
    );
  }

  prioritizeAnswer(scores: readonly number[]): Buffer {
    return once(this.#answers, `scores ${scores.join()}`, () => {
      const endings = scores.map((score) => `,"Score":${score}}`);
      const entry = (name: string, at: number): string =>
        `{"Host":${this.#quoted(name)}${endings[this.#placeOf[at] ?? 0] ?? ''}`;
      return Buffer.from(`[${this.#names.map(entry).join()}]`);
    });
  }

  #refused(verdicts: readonly (Refusal | null)[]): string {
    const endings = verdicts.map((refusal) => (refusal === null ? '' : `:${JSON.stringify(REFUSALS[refusal])}`));
    const entries: string[] = [];
    for (const [at, name] of this.#names.entries()) {
      const ending = endings[this.#placeOf[at] ?? 0] ?? '';
      if (ending !== '') entries.push(`${this.#quoted(name)}${ending}`);
    }
    return entries.join();
  }
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
