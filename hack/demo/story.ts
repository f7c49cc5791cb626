import { setTimeout as sleep } from 'node:timers/promises';
import type { Region } from '../../src/carbon/units.ts';
import type { ApiClient } from '../cluster/api.ts';
import { eventOf } from './events.ts';
import { gridLine, meanOver } from './grid.ts';
import type { Grid } from './grid.ts';
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
}

/** What is known of a piece of work from its creation on. */
type Begun = Pick<Journey, 'work' | 'created' | 'permitted' | 'without'> & { readonly at: number };

const LANDS_WITHIN_MS = 15_000;
/** What is let go by the same turn of the grid is told together. */
const TOGETHER_MS = 250;
const POLL_MS = 20;
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
  async create(work: Work): Promise<void> {
    const { client, sightings } = this.#options;
    const { status, body, warnings } = await client.call({
      method: 'POST',
      path: pathOf(work),
      body: manifestOf(work),
    });
    if (status !== 201) throw new Error(`${nameOf(work)} was refused: ${body.slice(0, 500)}`);
    const at = Date.now();
    say(`  ${nameOf(work).padEnd(16)} ${wishes(work)}`);
    for (const warning of warnings) paragraph(warning, '      ', '    Warning: ');
    const seen = await this.#seen(work);
    const begun = await this.#begin(work, seen, at);
    if (seen.held) {
      this.#waiting.set(work, begun);
      return;
    }
    const ran = await sightings.landed(work, LANDS_WITHIN_MS);
    paragraph(`not held; runs in ${[...new Set(ran)].join(', ')}`, '    ');
    await this.#end(begun, ran, at);
  }

  /** Tells of each release as it happens, until nothing waits. */
  async followReleases(patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    let turn = 0;
    while (this.#waiting.size > 0) {
      if (!this.#anyFree()) {
        if (Date.now() > deadline) break;
        await sleep(POLL_MS);
        continue;
      }
      await sleep(TOGETHER_MS);
      const latest = await this.#options.grid.turnBefore(Date.now());
      if (latest !== turn) await this.#showGrid(latest);
      for (const begun of [...this.#waiting.values()]) await this.#tellIfFree(begun);
      if (latest !== turn) await this.again();
      turn = latest;
    }
    for (const work of this.#waiting.keys()) this.failures.push(`${nameOf(work)} is still held`);
  }

  /** Creates the pod that is the same each time. */
  async again(): Promise<void> {
    this.#times += 1;
    await this.create({ ...REPEATED, name: `${REPEATED.name}-${this.#times}` });
  }

  async #showGrid(wall: number): Promise<void> {
    const { grid } = this.#options;
    heading(`${grid.time(wall)} on the grid: ${gridLine(await grid.now())}`);
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

  async #tellIfFree(begun: Begun): Promise<void> {
    const { sightings, grid, client } = this.#options;
    const { work, at } = begun;
    const freeAt = this.#freeAt(work);
    if (freeAt === null) return;
    this.#waiting.delete(work);
    const note = noteOf(sightings.of(work)?.annotations ?? {});
    const atEnd = note?.reason === 'max-delay-reached';
    const due = atEnd ? Date.parse(note.until) : await grid.turnBefore(freeAt);
    const late = freeAt - due;
    const after = `${late} ms after ${atEnd ? 'its maximum delay' : 'the grid turned'}`;
    say(`  ${nameOf(work).padEnd(16)} released ${after}; it waited ${grid.hours(freeAt - at)} on the grid`);
    paragraph(`Event ${await eventOf(client, work, 'Released')}`, '      ', '    ');
    const ran = await sightings.landed(work, LANDS_WITHIN_MS);
    say(`    ${work.pods === 1 ? 'its pod runs' : `its ${work.pods} pods run`} in ${[...new Set(ran)].join(', ')}`);
    this.#check(work, note?.reason ?? 'no reason', late);
    await this.#end(begun, ran, freeAt);
  }

  async #end({ work, at, created, permitted, without }: Begun, ran: readonly string[], freeAt: number): Promise<void> {
    const { grid } = this.#options;
    for (const region of ran) {
      const allowed = permitted.some((each) => each === region);
      if (!allowed) this.failures.push(`${nameOf(work)} runs in ${region}, which is not permitted`);
    }
    const waited = freeAt > at ? grid.hours(freeAt - at) : '-';
    const met = meanOver(await grid.now(), ran as readonly Region[]);
    this.journeys.push({ work, created, permitted, without, ran, with: met, waited });
  }

  #check(work: Work, reason: string, late: number): void {
    if (late > PROMISED_MS) this.failures.push(`${nameOf(work)} was released ${late} ms late`);
    if (work.ends !== reason) this.failures.push(`${nameOf(work)} was released for ${reason}`);
  }
}
