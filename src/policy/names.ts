/** What a Kubernetes label value or an annotation can carry as a name; `__proto__` is none. */
export const NAME_PATTERN = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
/** Jurisdictions are compared letter by letter, so they have one spelling. */
export const JURISDICTION_PATTERN = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The known name that a misspelt one most likely stands for; null where none is near. */
export function nearestName(misspelt: string, known: readonly string[]): string | null {
  const reach = Math.ceil((misspelt.length - 1) / 3);
  let best: string | null = null;
  let least = reach + 1;
  for (const candidate of known) {
    const distance = editDistance(misspelt.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** How many letters must be put in, taken out or replaced; names further apart than `limit` in length get `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(a).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(b).entries()) {
      const replaced = Number(previous[column]) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, Number(previous[column + 1]) + 1, Number(current[column]) + 1));
    }
    previous = current;
  }
  return Math.min(limit, ...previous.slice(-1));
}

/** A regions table can be long, a hint cannot. */
const MAX_LISTED = 30;

/** A hint for a name that is not known: the nearest, and what is known. */
export function knownNamesHint(misspelt: string, known: readonly string[]): string {
  const nearest = nearestName(misspelt, known);
  const listed = known.slice(0, MAX_LISTED).join(', ') + (known.length > MAX_LISTED ? ', …' : '');
  return nearest === null ? `known: ${listed}` : `did you mean "${nearest}"? known: ${listed}`;
}
