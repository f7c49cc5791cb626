import { workName } from '../../timing/held-work.ts';
import type { CommandIo } from '../io.ts';
import type { Outcome } from './release-each.ts';

/** Tells a person of each outcome as it comes, or a program of all of them at the end. */
export class ReleaseReport {
  readonly #io: CommandIo;
  readonly #json: boolean;
  readonly #outcomes: Outcome[] = [];

  constructor(io: CommandIo, json: boolean) {
    this.#io = io;
    this.#json = json;
  }

  readonly tell = (outcome: Outcome): void => {
    this.#outcomes.push(outcome);
    if (this.#json) return;
    const line = lineOf(outcome);
    if (line !== null) this.#io.out(line);
    if (outcome.trouble !== null) this.#io.err(`lowtide: ${workName(outcome.work)}: ${outcome.trouble}`);
  };

  /** Sums up, and sets the exit code: 1 where anything failed. */
  end(): void {
    const counts = { released: 0, planned: 0, kept: 0, 'not-held': 0, failed: 0 };
    for (const { outcome } of this.#outcomes) counts[outcome] += 1;
    if (this.#json) this.#io.out(JSON.stringify({ ...counts, works: this.#outcomes.map(shown) }, null, 2));
    else this.#io.out(summary(counts));
    this.#io.exit(counts.failed === 0 ? 0 : 1);
  }
}

function lineOf({ work, outcome, reason }: Outcome): string | null {
  if (outcome === 'released') return `${workName(work)} released (${reason ?? ''})`;
  if (outcome === 'planned') return `${workName(work)} would be released (${reason ?? ''})`;
  return outcome === 'not-held' ? `${workName(work)} is not held` : null;
}

function summary({ released, planned, kept, failed, 'not-held': free }: Record<Outcome['outcome'], number>): string {
  const parts = [
    planned > 0 ? `${planned} would be released` : `${released} released`,
    ...(kept > 0 ? [`${kept} not overdue`] : []),
    ...(free > 0 ? [`${free} not held`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return parts.join(', ');
}

function shown({ work: { kind, namespace, name }, outcome, reason, trouble }: Outcome): unknown {
  return { kind, namespace, name, outcome, reason, trouble };
}
