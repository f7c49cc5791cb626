import type { Instant } from '../../carbon/units.ts';
import { instant } from '../../carbon/units.ts';
import type { ConfigMap, ConfigMapChange, ConfigMapStore } from '../../kubernetes/config-map.ts';
import type { Compression } from './compression.ts';
import { digest, generationOf, layOut, MANIFEST_KEY, manifestOf, PAYLOAD_KEY, SET_LABEL } from './manifest.ts';
import type { Layout, Manifest } from './manifest.ts';

/** Bytes of payload in one ConfigMap: half of what the API server takes, and a third of what etcd does. */
export const MAX_BYTES = 512 * 1024;

/** A set as it stands on the API server. */
export interface Published {
  readonly head: ConfigMap;
  readonly manifest: Manifest | null;
  /** Why something cannot be read; null: everything can. */
  readonly problem: string | null;
}

/** A set with its contents. */
export interface Opened extends Published {
  /** Texts beside the payload, by key. */
  readonly notes: Readonly<Record<string, string>>;
  /** Null: it cannot be read. */
  readonly payload: string | null;
}

/** What to publish. */
export interface Publication {
  /** Null: what stands there already. */
  readonly payload: string | null;
  readonly notes: Readonly<Record<string, string>>;
}

const ATTEMPTS = 3;

interface PublishedSetOptions {
  readonly store: ConfigMapStore;
  /** Of the head; the parts begin with it. */
  readonly name: string;
  /** Who writes, for people. */
  readonly writer: string;
  readonly now: () => Instant;
  readonly compression: Compression;
  readonly maxBytes?: number;
}

/**
 * A text of any size, kept in one ConfigMap or, where that is too small, in parts that a head names. Parts come first and
 * never change, the head follows in one step: a reader has either the whole old text, or the whole new one.
 */
export class PublishedSet {
  readonly #options: PublishedSetOptions;

  constructor(options: PublishedSetOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** As what this process writes names it. */
  get writer(): string {
    return this.#options.writer;
  }

  /** Reads all of it; null: there is none. Throws ApiErrors. */
  async read(signal: AbortSignal): Promise<Opened | null> {
    let opened: Opened | null = null;
    // While it is read it may be replaced, and its parts be gone.
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const head = await this.#options.store.read(this.name, signal);
      if (head === null || head.resourceVersion === opened?.head.resourceVersion) return head && opened;
      opened = await this.open(head, signal);
      if (opened.problem === null) return opened;
    }
    return opened;
  }

  /** Reads what a head speaks of. Throws ApiErrors; contents that cannot be used are a problem, not an error. */
  async open(head: ConfigMap, signal: AbortSignal): Promise<Opened> {
    const { value: manifest, problem } = manifestOf(head);
    const notes = Object.fromEntries(Object.entries(head.data).filter(([key]) => key !== MANIFEST_KEY));
    const found = { head, manifest, notes };
    if (manifest === null) return { ...found, payload: null, problem };
    const bytes = await this.#bytesOf(head, manifest, signal);
    if (bytes === null) return { ...found, payload: null, problem: `parts of generation ${manifest.generation} lack` };
    if (digest(bytes) !== manifest.sha256) return { ...found, payload: null, problem: 'payload: not what was written' };
    try {
      return { ...found, payload: await this.#options.compression.unpack(bytes), problem: null };
    } catch {
      return { ...found, payload: null, problem: 'payload: cannot be unpacked' };
    }
  }

  /**
   * Puts it in place of what was read, null: of nothing. Null: that is no longer what stands there.
   * Throws ApiErrors, and a RangeError where what stands there is to stay and cannot be read.
   */
  async write(publication: Publication, before: Published | null, signal: AbortSignal): Promise<Published | null> {
    const { now, writer } = this.#options;
    const { payload, notes } = publication;
    const generation = Math.max((before?.manifest?.generation ?? 0) + 1, Math.floor(now()));
    const layout = payload === null ? null : await this.#laidOut(payload, generation, signal);
    const contents = layout === null ? contentsOf(before) : { generation, ...describe(layout) };
    const manifest: Manifest = { ...contents, format: 1, writer, writtenAt: new Date(now()).toISOString() };
    const data = { ...notes, [MANIFEST_KEY]: JSON.stringify(manifest) };
    const head = await this.#writeHead({ data, layout }, before, signal);
    if (head === null) return null;
    await this.#discard(before?.manifest?.parts ?? [], manifest.parts, signal);
    return { head, manifest, problem: null };
  }

  /** Takes parts away that are older than what was published. Throws ApiErrors. */
  async sweep({ manifest }: Published, signal: AbortSignal): Promise<void> {
    const { store, name } = this.#options;
    for (const part of await store.names(`${SET_LABEL}=${name}`, signal)) {
      const generation = generationOf(name, part);
      if (generation !== null && manifest !== null && generation < manifest.generation)
        await store.remove(part, signal);
    }
  }

  async #bytesOf(head: ConfigMap, { parts }: Manifest, signal: AbortSignal): Promise<Uint8Array | null> {
    if (parts.length === 0) return head.binary[PAYLOAD_KEY] ?? null;
    const found = await Promise.all(parts.map((name) => this.#options.store.read(name, signal)));
    const bytes = found.map((part) => part?.binary[PAYLOAD_KEY]).filter((one) => one !== undefined);
    return bytes.length === parts.length ? Buffer.concat(bytes) : null;
  }

  async #laidOut(payload: string, generation: number, signal: AbortSignal): Promise<Layout> {
    const { store, name, compression, maxBytes = MAX_BYTES } = this.#options;
    const layout = layOut(name, generation, await compression.pack(payload), maxBytes);
    for (const part of layout.parts) {
      const binary = { [PAYLOAD_KEY]: part.bytes };
      await store.create({ name: part.name, labels: this.#labels(), data: {}, binary, immutable: true }, signal);
    }
    return layout;
  }

  async #writeHead(
    { data, layout }: { readonly data: ConfigMap['data']; readonly layout: Layout | null },
    before: Published | null,
    signal: AbortSignal,
  ): Promise<ConfigMap | null> {
    const { store, name } = this.#options;
    const inline = layout?.inline ?? null;
    const binary = inline === null ? {} : { [PAYLOAD_KEY]: inline };
    const labels = this.#labels();
    if (before === null) return store.create({ name, labels, data, binary, immutable: false }, signal);
    const { head } = before;
    const stays = layout === null ? [PAYLOAD_KEY] : [];
    const change: ConfigMapChange = {
      resourceVersion: head.resourceVersion,
      labels,
      data: { ...goneFrom(head.data, []), ...data },
      binary: { ...goneFrom(head.binary, stays), ...binary },
    };
    return store.update(name, change, signal);
  }

  /** Nobody reads them any more; what cannot be removed now is found by a later sweep. */
  async #discard(old: readonly string[], parts: readonly string[], signal: AbortSignal): Promise<void> {
    const gone = old.filter((part) => !parts.includes(part) && generationOf(this.name, part) !== null);
    await Promise.allSettled(gone.map((part) => this.#options.store.remove(part, signal)));
  }

  #labels(): Readonly<Record<string, string>> {
    return { 'app.kubernetes.io/name': 'lowtide', [SET_LABEL]: this.name };
  }
}

type Contents = Pick<Manifest, 'generation' | 'sha256' | 'parts'>;

function contentsOf(before: Published | null): Contents {
  const manifest = before?.problem === null ? before.manifest : null;
  if (manifest === null) throw new RangeError('there is no payload that could stay');
  const { generation, sha256, parts } = manifest;
  return { generation, sha256, parts };
}

function describe({ sha256, parts }: Layout): Omit<Contents, 'generation'> {
  return { sha256, parts: parts.map(({ name }) => name) };
}

/** Whatever somebody else put there is taken away: it counts against the size. */
function goneFrom(keyed: object, stays: readonly string[]): Record<string, null> {
  const keys = Object.keys(keyed).filter((key) => !stays.includes(key));
  return Object.fromEntries(keys.map((key) => [key, null]));
}

/** When it was last written, by the writer's clock; null: not known. */
export function writtenAt({ manifest }: Published): Instant | null {
  return manifest === null ? null : instant(Date.parse(manifest.writtenAt));
}

/** What is to be remembered of a set that was read: not all that it held. */
export function withoutContents(opened: Opened | null): Published | null {
  return opened && { head: opened.head, manifest: opened.manifest, problem: opened.problem };
}
