/** Things to close, the last opened first. */
export class Closing {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  /** Closes all, one after the other. */
  async all(): Promise<void> {
    for (const step of this.#steps) await step();
  }
}
