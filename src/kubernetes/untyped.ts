/** The member of a JSON object nobody has vouched for; undefined where there is none, or no object. */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** The value if it is a string of at least one character, else null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The `metadata` member of the same name, if it is a non-empty string. */
export function metadataText(object: unknown, key: string): string | null {
  return text(member(member(object, 'metadata'), key));
}

/** The members of a JSON object that are strings; of anything else, none. */
export function textMembers(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The member of a JSON object if it is an array; else an empty one. */
export function listMember(value: unknown, key: string): readonly unknown[] {
  const list = member(value, key);
  return Array.isArray(list) ? list : [];
}
