import { setTimeout as sleep } from 'node:timers/promises';
import { region } from '../../src/carbon/units.ts';
import type { Region } from '../../src/carbon/units.ts';
import type { ApiClient } from '../cluster/api.ts';
import { eventOf } from './events.ts';
import { gridLine, meanOver } from './grid.ts';
import type { Grid } from './grid.ts';
import { distinct } from './journey.ts';
import type { Journey } from './journey.ts';
import { heading, paragraph, say } from './page.ts';
import { permittedOf } from './rules.ts';
import type { Rules } from './rules.ts';
import { noteOf } from './sightings.ts';
import type { Sighting, Sightings } from './sightings.ts';
import { manifestOf, nameOf, pathOf, REPEATED, wishes } from './works.ts';
import type { Work } from './works.ts';

interface StoryOptions {
  readonly client: ApiClient;
  readonly grid: Grid;
  readonly rules: Rules;
  readonly sightings: Sightings;
  /** Those with nodes. */
  readonly regions: readonly Region[];
  /** Whether it is known how each piece of work ends: on the shipped trace, as it is started here. */
  readonly known: boolean;
}

/** What is known of a piece of work from its creation on. */
type Begun = Omit<Journey, 'ran' | 'with' | 'waited'>;

const LANDS_WITHIN_MS = 15_000;
/** What is let go by the same turn of the grid is told together. */
const TOGETHER_MS = 250;
const POLL_MS = 20;
/** So long after a turn of the grid what is told is told of the turn. */
const JUST_MS = 1_000;
/** What Lowtide promises from the grid's turn, or from the end of a hold, to the release. */
const PROMISED_MS = 2_000;

/** Creates the work, and tells what becomes of it. */
export class Story {
  readonly journeys: Journey[] = [];
  /** What did not go as it should. */
  readonly failures: string[] = [];
  readonly #options: StoryOptions;
  readonly #waiting = new Map<Work, Begun>();
  #times = 0;

  constructor(options: StoryOptions) {
    this.#options = options;
  }

  /** Creates a piece of work and shows what admission says of it; what is not held is followed to its node. */
  async create(work: Work, shown: 'warnings' | 'no warnings' = 'warnings'): Promise<void> {
    const { client } = this.#options;
    const path = pathOf(work);
    const { status, body, warnings } = await client.call({ method: 'POST', path, body: manifestOf(work) });
    if (status !== 201) throw new Error(`${nameOf(work)} was refused: ${body.slice(0, 500)}`);
    const at = Date.now();
    say(`  ${nameOf(work).padEnd(16)} ${wishes(work)}`);
    for (const warning of shown === 'warnings' ? warnings : []) paragraph(warning, '      ', '    Warning: ');
    const seen = await this.#seen(work);
    const begun = await this.#begin(work, seen, at);
    if (seen.held) this.#waiting.set(work, begun);
    else await this.#follow(begun, at);
  }

  /** Tells of each release as it happens, until nothing waits. */
  async followReleases(patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (this.#waiting.size > 0) {
      if (!this.#anyFree()) {
        if (Date.now() > deadline) break;
        await sleep(POLL_MS);
        continue;
      }
      await sleep(TOGETHER_MS);
      await this.#showGrid();
      let byTheGrid = false;
      for (const begun of [...this.#waiting.values()]) byTheGrid = (await this.#tellIfFree(begun)) || byTheGrid;
      if (byTheGrid) await this.again();
    }
    for (const work of this.#waiting.keys()) this.failures.push(`${nameOf(work)} is still held`);
  }

  /** Creates the pod that is the same each time. */
  async again(): Promise<void> {
    this.#times += 1;
    const work = { ...REPEATED, name: `${REPEATED.name}-${this.#times}` };
    await this.create(work, this.#times === 1 ? 'warnings' : 'no warnings');
  }

  async #showGrid(): Promise<void> {
    const { grid } = this.#options;
    const [now, turn] = [Date.now(), await grid.turnBefore(Date.now())];
    const when = now - turn < JUST_MS ? `${grid.time(turn)}, the grid has turned` : `${grid.time(now)} on the grid`;
    heading(`${when}: ${gridLine(await grid.now())}`);
  }

  async #seen(work: Work): Promise<Sighting> {
    for (;;) {
      const seen = this.#options.sightings.of(work);
      if (seen !== undefined) return seen;
      await sleep(POLL_MS);
    }
  }

  async #begin(work: Work, { annotations }: Sighting, at: number): Promise<Begun> {
    const { grid, rules, regions } = this.#options;
    const permitted = permittedOf(annotations, rules, regions);
    return { work, at, created: grid.time(at), permitted, without: meanOver(await grid.now(), permitted) };
  }

  #anyFree(): boolean {
    return [...this.#waiting.keys()].some((work) => this.#freeAt(work) !== null);
  }

  #freeAt(work: Work): number | null {
    return this.#options.sightings.of(work)?.freeAt ?? null;
  }

  /** Tells of a release, where there was one, and whether it came by the grid's turn. */
  async #tellIfFree(begun: Begun): Promise<boolean> {
    const { sightings, grid, client } = this.#options;
    const { work, at } = begun;
    const freeAt = this.#freeAt(work);
    if (freeAt === null) return false;
    this.#waiting.delete(work);
    const note = noteOf(sightings.of(work)?.annotations ?? {});
    const atEnd = note?.reason === 'max-delay-reached';
    const late = freeAt - (atEnd ? Date.parse(note.until) : await grid.turnBefore(freeAt));
    const after = `${late} ms after ${atEnd ? 'its maximum delay' : 'the grid turned'}`;
    say(`  ${nameOf(work).padEnd(16)} released ${after}; it waited ${grid.hours(freeAt - at)} on the grid`);
    paragraph(await eventOf(client, work, 'Released'), '      ', '    Event: ');
    await this.#follow(begun, freeAt);
    this.#check(work, note?.reason ?? 'no reason', late);
    return note?.reason === 'intensity-below-threshold';
  }

  /** Tells where it runs, and keeps what it met there. */
  async #follow({ work, at, created, permitted, without }: Begun, freeAt: number): Promise<void> {
    const { grid, sightings } = this.#options;
    const { regions: ran, preferred } = await sightings.landed(work, LANDS_WITHIN_MS);
    const pods = work.pods === 1 ? 'its pod runs' : `its ${work.pods} pods run`;
    paragraph(`${pods} in ${distinct(ran)}; preferred: ${preferred.join(', ')}`, '      ', '    ');
    const abroad = ran.filter((name) => !permitted.some((each) => each === name));
    for (const name of abroad) this.failures.push(`${nameOf(work)} runs in ${name}, which is not permitted`);
    const waited = freeAt > at ? grid.hours(freeAt - at) : '-';
    const met = meanOver(await grid.now(), ran.map(region));
    this.journeys.push({ work, at, created, permitted, without, ran, with: met, waited });
  }

  #check(work: Work, reason: string, late: number): void {
    if (late > PROMISED_MS) this.failures.push(`${nameOf(work)} was released ${late} ms late`);
    if (this.#options.known && work.ends !== reason) this.failures.push(`${nameOf(work)} was released for ${reason}`);
  }
}
