import type { Place } from '../../placement/filter.ts';
import type { NodeCatalog } from '../../placement/types.ts';

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. Short, similar names spread well. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The hash of no bytes, to begin with. */
export const EMPTY_HASH = FNV_OFFSET | 0;

/** The hash after one more byte. */
export function hashed(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME);
}

/** Slots for each name: few enough to stay in the processor's cache, enough that a probe seldom meets another name. */
const SLOTS_PER_NAME = 4;
/** The place of a name that the catalogue does not know. */
const UNKNOWN_PLACE = 0;

/**
 * Finds a node's place by the bytes of its name as JSON writes it, quotes included, in the body that holds it. A request
 * names thousands of nodes: making a string of each, and hashing it anew for a Map, took most of an answer's time.
 */
export class NameTable {
  /** The places that nodes stand in; the first is that of unknown names. */
  readonly places: readonly Place[];
  readonly #mask: number;
  /** For each slot the number of a name, counted from 1; 0 is empty. */
  readonly #slots: Uint32Array;
  readonly #hashes: Int32Array;
  readonly #placeOf: Uint32Array;
  /** All names' bytes, one after another; name i stands at starts[i] up to starts[i + 1]. */
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;

  constructor(catalog: NodeCatalog) {
    const places = new Map<Place, number>([[undefined, UNKNOWN_PLACE]]);
    const names = [...catalog.regions()];
    const encoded = names.map(([name]) => Buffer.from(JSON.stringify(name)));
    this.#bytes = Buffer.concat(encoded);
    this.#starts = new Uint32Array(names.length + 2);
    this.#hashes = new Int32Array(names.length + 1);
    this.#placeOf = new Uint32Array(names.length + 1);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, names.length * SLOTS_PER_NAME)));
    this.#slots = new Uint32Array(slots);
    this.#mask = slots - 1;
    for (const [at, [, region]] of names.entries()) {
      if (!places.has(region)) places.set(region, places.size);
      this.#add(at + 1, encoded[at] ?? Buffer.alloc(0), places.get(region) ?? UNKNOWN_PLACE);
    }
    this.places = [...places.keys()];
  }

  /** Number of the place of the name that stands in `text` from `start` up to `end`; `hash` is that of these bytes. */
  find(text: Uint8Array, start: number, end: number, hash: number): number {
    let slot = slotOf(hash) & this.#mask;
    for (;;) {
      const name = this.#slots[slot] ?? 0;
      if (name === 0) return UNKNOWN_PLACE;
      if (this.#hashes[name] === hash && this.#equals(name, text, start, end)) return this.#placeOf[name] ?? 0;
      slot = (slot + 1) & this.#mask;
    }
  }

  #add(name: number, bytes: Buffer, place: number): void {
    let hash = EMPTY_HASH;
    for (const byte of bytes) hash = hashed(hash, byte);
    this.#starts[name + 1] = (this.#starts[name] ?? 0) + bytes.length;
    this.#hashes[name] = hash;
    this.#placeOf[name] = place;
    let slot = slotOf(hash) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = name;
  }

  #equals(name: number, text: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes;
    let at = this.#starts[name] ?? 0;
    if ((this.#starts[name + 1] ?? 0) - at !== end - start) return false;
    for (let i = start; i < end; i += 1, at += 1) if (bytes[at] !== text[i]) return false;
    return true;
  }
}

/** FNV's high bits are the better mixed. */
function slotOf(hash: number): number {
  return hash ^ (hash >>> 15);
}
