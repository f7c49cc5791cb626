import { join } from 'node:path';

/**
 * How Lowtide's process is started, here as in package.json, the entry's first line and the image. A request's buffers
 * are short-lived. A small young generation frees them often and cheaply, and a first limit of the old generation that
 * leaves room for them keeps full collections, 10 ms and more, out of the answers (docs/adr/0004-bytes-not-strings.md).
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=4', '--initial-old-space-size=64'];

/** The entry, from the sources. */
export const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
