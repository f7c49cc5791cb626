/** An element of a column of whole numbers: what types cannot know of a position, whoever asks does. Beyond it: -1. */
export function indexAt(column: Int32Array | Uint32Array | Uint8Array, place: number): number {
  return column[place] ?? -1;
}

/** An entry that is there; throws RangeError where it is not. */
export function entryAt<Entry>(entries: readonly Entry[], place: number): Entry {
  const entry = entries[place];
  if (entry === undefined) throw new RangeError(`there is no entry ${String(place)} of ${String(entries.length)}`);
  return entry;
}
