/** Ids that have appeared, as a table of hashes: a Set of a million strings takes a second and four times the memory. */
export class SeenIds {
  readonly ids: string[] = [];
  #hashes = new Int32Array(1024);
  /** Open addressing: a place holds the id's number, counted from 1. */
  #places = new Int32Array(2048);

  /** Adds an id at the next number; that of its first appearance where it has appeared, else null. */
  add(id: string): number | null {
    const hash = hashOf(id);
    const mask = this.#places.length - 1;
    let place = hash & mask;
    for (let number = this.#places[place] ?? 0; number > 0; number = this.#places[place] ?? 0) {
      if (this.#hashes[number - 1] === hash && this.ids[number - 1] === id) return number - 1;
      place = (place + 1) & mask;
    }
    if (this.ids.length === this.#hashes.length) this.#grow();
    this.#hashes[this.ids.length] = hash;
    this.ids.push(id);
    this.#enter(this.ids.length, hash);
    return null;
  }

  #enter(number: number, hash: number): void {
    const mask = this.#places.length - 1;
    let place = hash & mask;
    while ((this.#places[place] ?? 0) > 0) place = (place + 1) & mask;
    this.#places[place] = number;
  }

  #grow(): void {
    const hashes = this.#hashes;
    this.#hashes = new Int32Array(2 * hashes.length);
    this.#hashes.set(hashes);
    this.#places = new Int32Array(2 * this.#places.length);
    hashes.forEach((hash, index) => {
      this.#enter(index + 1, hash);
    });
  }
}

/** FNV-1a over UTF-16 units, its bits mixed once more, since only the lowest choose the place. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ (hash >>> 13);
}
