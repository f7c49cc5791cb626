import type { z } from 'zod';

/** A value, or why there is none: the first thing that is wrong, with its place. */
export type Parsed<Value> =
  { readonly value: Value; readonly problem: null } | { readonly value: null; readonly problem: string };

/** A text of lines, each JSON of its own: a frame, and then its items. */
export interface LineFormat<Frame, Item extends object> {
  /** What problems call it. */
  readonly name: string;
  readonly frame: z.ZodType<Frame>;
  readonly item: z.ZodType<Item>;
  readonly writeItem: (item: Item) => string;
}

/** Lets everything else run first: a large text is written and read in many small turns. */
export type Breathe = () => Promise<void>;

interface Read<Frame, Item> {
  readonly frame: Frame;
  readonly items: readonly Item[];
}

/**
 * Writes and reads such texts, a few milliseconds at a time, and no line twice: what was written or read before and has
 * not changed is remembered. Items must not change.
 */
export class Lines<Frame extends object, Item extends object> {
  readonly #format: LineFormat<Frame, Item>;
  readonly #breathe: Breathe;
  readonly #written = new WeakMap<Item, string>();
  #read: ReadonlyMap<string, Item> = new Map();

  constructor(format: LineFormat<Frame, Item>, breathe: Breathe) {
    this.#format = format;
    this.#breathe = breathe;
  }

  async encode(frame: Frame, items: readonly Item[]): Promise<string> {
    const lines = [JSON.stringify(frame)];
    for (const item of items) lines.push(this.#written.get(item) ?? (await this.#write(item)));
    return lines.join('\n');
  }

  /** Never throws. A null stands for a text that is not there. */
  async decode(text: string | null): Promise<Parsed<Read<Frame, Item>>> {
    const { name, frame: schema } = this.#format;
    if (text === null) return { value: null, problem: `${name}: missing` };
    const [first = '', ...lines] = text.split('\n');
    const frame = parsed(schema, first, name);
    if (frame.problem !== null) return frame;
    const read: [string, Item][] = [];
    for (const [index, line] of lines.entries()) {
      const item = this.#read.get(line) ?? (await this.#parse(line, index));
      if (typeof item === 'string') return { value: null, problem: item };
      read.push([line, item]);
    }
    this.#read = new Map(read);
    return { value: { frame: frame.value, items: read.map(([, item]) => item) }, problem: null };
  }

  async #write(item: Item): Promise<string> {
    await this.#breathe();
    const line = this.#format.writeItem(item);
    this.#written.set(item, line);
    return line;
  }

  async #parse(line: string, index: number): Promise<Item | string> {
    await this.#breathe();
    const { name, item } = this.#format;
    const { value, problem } = parsed(item, line, `${name}.${index}`);
    return value ?? problem ?? '';
  }
}

/** Reads JSON through a schema; never throws. */
export function parsed<Value>(schema: z.ZodType<Value>, text: string, what: string): Parsed<Value> {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return { value: result.data, problem: null };
  const [issue] = result.error.issues;
  const place = [what, ...(issue?.path ?? [])].join('.');
  return { value: null, problem: `${place}: ${issue?.message ?? 'not understood'}` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
