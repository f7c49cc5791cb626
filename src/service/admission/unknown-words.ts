import { PREFIX, READ, WRITTEN_ANNOTATIONS } from '../../policy/annotations.ts';

/** Names of Lowtide's that mean nothing yet: docs/annotations.md lists them. */
const RESERVED = ['service'].map((name) => `${PREFIX}${name}`);
const KNOWN: ReadonlySet<string> = new Set([...READ, ...WRITTEN_ANNOTATIONS, ...RESERVED]);
/** More are not worth a person's time. */
const MOST = 3;

/** A sentence for each annotation under Lowtide's prefix that it does not know: misspelt, most likely. */
export function unknownWords(annotations: Readonly<Record<string, string>>): readonly string[] {
  const unknown = Object.keys(annotations).filter((name) => name.startsWith(PREFIX) && !KNOWN.has(name));
  const list = READ.map((name) => name.slice(PREFIX.length)).join(', ');
  return unknown.slice(0, MOST).map((name) => `Lowtide knows no annotation ${name.slice(0, 100)}; there are ${list}`);
}
