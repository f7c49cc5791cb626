import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Makes texts small, off the event loop: decisions are not to wait for it. */
export interface Compression {
  pack(text: string): Promise<Uint8Array>;
  /** Rejects where the bytes are not packed, or would grow beyond what anybody of us writes. */
  unpack(bytes: Uint8Array): Promise<string>;
}

/** Bytes. What we write is a few megabytes; what somebody else wrote may be made to grow without end. */
export const LARGEST_TEXT = 128 * 1024 * 1024;

const [packed, unpacked] = [promisify(gzip), promisify(gunzip)];

/** By gzip, in the threads that node keeps for it. */
export const GZIP: Compression = {
  pack: (text) => packed(text),
  unpack: async (bytes) => (await unpacked(bytes, { maxOutputLength: LARGEST_TEXT })).toString('utf8'),
};
