/** Something wrong with a trace file. Line 1 is the header; null: the file as a whole. */
export interface TraceProblem {
  readonly line: number | null;
  readonly message: string;
}

const SHOWN = 20;

/** Collects what is wrong with one file: all of it is counted, the first twenty are kept. */
export class Problems {
  readonly #kept: TraceProblem[] = [];
  #count = 0;

  get none(): boolean {
    return this.#count === 0;
  }

  add(line: number | null, message: string): void {
    this.#count += 1;
    if (this.#kept.length < SHOWN) this.#kept.push({ line, message });
  }

  list(): { readonly problems: readonly TraceProblem[]; readonly more: number } {
    return { problems: this.#kept, more: this.#count - this.#kept.length };
  }
}

/** One line an error, as compilers print them: `FILE:LINE: what is wrong and what is accepted`. */
export function problemLines(file: string, found: ReturnType<Problems['list']>): readonly string[] {
  const lines = found.problems.map(({ line, message }) => `${file}:${line === null ? '' : `${line}:`} ${message}`);
  return found.more === 0 ? lines : [...lines, `${file}: and ${found.more} more`];
}
