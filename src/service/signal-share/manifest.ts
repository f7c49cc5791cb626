import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ConfigMap } from '../../kubernetes/config-map.ts';
import { parsed } from './lines.ts';
import type { Parsed } from './lines.ts';

/** Which set a ConfigMap belongs to: the name of its head. */
export const SET_LABEL = 'lowtide.dev/signal';
export const MANIFEST_KEY = 'manifest.json';
export const PAYLOAD_KEY = 'payload.gz';

/** Of the manifest itself; what the payload holds has a format of its own. */
const FORMAT = 1;

const Manifest = z.object({
  format: z.literal(FORMAT, `expected format ${FORMAT}`),
  /** Rises with each payload. */
  generation: z.int().nonnegative(),
  /** Of the packed payload, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** ConfigMaps that hold it, in order; none: the head holds it itself. */
  parts: z.array(z.string().min(1)).max(1_000),
  writer: z.string(),
  writtenAt: z.iso.datetime(),
});

/** What the head of a set says of the whole. */
export type Manifest = z.infer<typeof Manifest>;

/** Reads what the head says; never throws. */
export function manifestOf(head: ConfigMap): Parsed<Manifest> {
  return parsed(Manifest, head.data[MANIFEST_KEY] ?? '', MANIFEST_KEY);
}

/** How the packed bytes are laid into ConfigMaps of at most so many bytes: all into the head, or into parts. */
export interface Layout {
  readonly sha256: string;
  /** Null: they stand in parts. */
  readonly inline: Uint8Array | null;
  readonly parts: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** Parts are named by their generation and contents: who finds a name taken finds the same bytes under it. */
export function layOut(set: string, generation: number, bytes: Uint8Array, maxBytes: number): Layout {
  const sha256 = digest(bytes);
  if (bytes.length <= maxBytes) return { sha256, inline: bytes, parts: [] };
  const parts = Array.from({ length: Math.ceil(bytes.length / maxBytes) }, (_, index) => ({
    name: `${set}-${generation}-${sha256.slice(0, 8)}-${index}`,
    bytes: bytes.subarray(index * maxBytes, (index + 1) * maxBytes),
  }));
  return { sha256, inline: null, parts };
}

/** The generation of a part of this set, by its name; null: it is none. */
export function generationOf(set: string, name: string): number | null {
  if (!name.startsWith(`${set}-`)) return null;
  const generation = /^(\d+)-[0-9a-f]{8}-\d+$/.exec(name.slice(set.length + 1))?.[1];
  return generation === undefined ? null : Number(generation);
}

/** In hexadecimal. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
