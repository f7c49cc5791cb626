import type { Instant } from '../../carbon/units.ts';
import { Heap } from './heap.ts';

interface Entry {
  readonly uid: string;
  readonly at: Instant;
}

/** Replaced entries that are not worth the trouble. */
const SLACK = 100;

/** When each piece of work has to be looked at again: one moment each, the next of all at hand without a search. */
export class Agenda {
  readonly #at = new Map<string, Entry>();
  /** May hold entries that were since replaced: they are dropped as they come up. */
  readonly #order = new Heap<Entry>((a, b) => a.at < b.at);

  /** Replaces what was noted for the work. */
  set(uid: string, at: Instant): void {
    if (this.#at.get(uid)?.at === at) return;
    const entry = { uid, at };
    this.#at.set(uid, entry);
    this.#order.push(entry);
    if (this.#order.size > 2 * this.#at.size + SLACK) this.#compact();
  }

  delete(uid: string): void {
    this.#at.delete(uid);
  }

  /** The next moment; null: nothing is noted. */
  next(): Instant | null {
    for (;;) {
      const top = this.#order.peek();
      if (top === undefined) return null;
      if (this.#at.get(top.uid) === top) return top.at;
      this.#order.pop();
    }
  }

  /** Takes out everything whose moment has come. */
  due(now: Instant): readonly string[] {
    const found: string[] = [];
    for (let next = this.next(); next !== null && next <= now; next = this.next()) {
      const uid = this.#order.pop()?.uid ?? '';
      this.#at.delete(uid);
      found.push(uid);
    }
    return found;
  }

  /** Without it, what is put off again and again would pile up until the moments that were noted first. */
  #compact(): void {
    this.#order.clear();
    for (const entry of this.#at.values()) this.#order.push(entry);
  }

  clear(): void {
    this.#at.clear();
    this.#order.clear();
  }
}
