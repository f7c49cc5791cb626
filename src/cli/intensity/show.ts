import type { RegionsTable } from '../../carbon/regions-table.ts';
import type { Policy } from '../../policy/types.ts';
import type { CommandIo } from '../io.ts';
import { complaintLines } from './complaints.ts';
import type { Gathered } from './gather.ts';
import { rowJson } from './json.ts';
import type { OpenedIntensity } from './open.ts';
import { rowsOf } from './rows.ts';
import type { IntensityRow } from './rows.ts';
import { tableLines } from './table.ts';

/** How everything is shown. */
export interface ShowStyle {
  readonly json: boolean;
  /** Again and again: then JSON takes one line a round, and what was complained of is not repeated. */
  readonly watched: boolean;
  /** Whether a table may be drawn over the one before it. */
  readonly terminal: boolean;
  readonly colour: boolean;
}

/** One look, as it was shown. */
export interface Shown extends Gathered {
  readonly rows: readonly IntensityRow[];
}

interface ShowOptions {
  readonly io: CommandIo;
  readonly style: ShowStyle;
  readonly opened: Pick<OpenedIntensity, 'targets' | 'feed' | 'providers' | 'asked' | 'fromEnvironment'>;
  readonly policy: Policy;
  readonly table: RegionsTable;
  readonly env: NodeJS.ProcessEnv;
}

/** To the upper left corner, and clear all below. */
const REDRAW = '\u001b[H\u001b[2J';

/** Gathers, makes the rows, and prints them. */
export class Showing {
  readonly #options: ShowOptions;
  #complained: readonly string[] = [];

  constructor(options: ShowOptions) {
    this.#options = options;
  }

  /** One look at the sources. Given up by its signal, it shows nothing. */
  async round(signal: AbortSignal): Promise<Shown> {
    const { opened, policy, table } = this.#options;
    const gathered = await opened.feed.round(signal);
    const rows = rowsOf(opened.targets, { signal: gathered.signal, policy, table });
    const shown = { ...gathered, rows };
    if (!signal.aborted) this.#print(shown);
    return shown;
  }

  #print(shown: Shown): void {
    const { io, style, policy } = this.#options;
    if (style.json) io.out(this.#json(shown));
    else {
      const { signal } = shown;
      const lines = tableLines(shown.rows, { signal, policy, style });
      if (style.watched) lines.unshift(`${style.terminal ? REDRAW : ''}${new Date(signal.at).toISOString()}`);
      for (const line of lines) io.out(line);
    }
    this.#complain(shown);
  }

  #json({ rows, troubles }: Shown): string {
    const values = rows.map((row) => rowJson(row, troubles));
    return this.#options.style.watched ? JSON.stringify(values) : JSON.stringify(values, null, 2);
  }

  #complain({ rows, troubles }: Shown): void {
    const { io, style, opened, table, env } = this.#options;
    const { providers, asked, fromEnvironment } = opened;
    const naming = { table, regions: asked };
    const lines = complaintLines({ rows, troubles, providers, naming, env: fromEnvironment ? env : null });
    const gone = style.terminal;
    for (const line of lines) if (gone || !this.#complained.includes(line)) io.err(`lowtide: ${line}`);
    this.#complained = lines;
  }
}
