import type { HttpRequest } from './request.ts';

const HARMLESS = new Set(['accept', 'content-type', 'user-agent']);
/** Shorter ones would be found in ordinary words. */
const SHORTEST = 6;

/** What credentials a request carries. */
type Credentials = Pick<HttpRequest, 'headers' | 'secretQuery'>;

/** The text of an answer without the credentials of its request, which error pages like to repeat. */
export function concealed(text: string, request: Credentials): string {
  const spellings = spellingsOf(request);
  const hidden = (shown: string): string => spellings.reduce((rest, secret) => rest.replaceAll(secret, '…'), shown);
  try {
    // Once read, JSON has no escapes left to hide behind.
    const read: unknown = JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? hidden(value) : value));
    return hidden(JSON.stringify(read));
  } catch {
    return hidden(text);
  }
}

function spellingsOf({ headers = {}, secretQuery = {} }: Credentials): readonly string[] {
  const credentials = Object.entries(headers).filter(([name]) => !HARMLESS.has(name.toLowerCase()));
  const secrets = [...Object.values(secretQuery), ...credentials.flatMap(([, value]) => partsOf(value))];
  const spellings = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    ...ENTITIES.map((entities) => secret.replaceAll(/[&<>"']/g, (mark) => entities[mark] ?? mark)),
  ]);
  return spellings.filter((secret) => secret.length >= SHORTEST);
}

const BRACKETS = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** How pages write what would be markup. */
const ENTITIES: readonly Readonly<Record<string, string>>[] = [
  BRACKETS,
  { ...BRACKETS, '"': '&quot;' },
  { ...BRACKETS, '"': '&quot;', "'": '&#39;' },
  { ...BRACKETS, '"': '&quot;', "'": '&#x27;' },
  { ...BRACKETS, '"': '&#34;', "'": '&#39;' },
];

/** `Bearer TOKEN` is known by its token too, `Basic …` by the user's name and password. */
function partsOf(value: string): readonly string[] {
  const [, scheme = '', rest = ''] = /^(\w+) (.+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return rest === '' ? [value] : [value, rest];
  const pair = Buffer.from(rest, 'base64').toString();
  const colon = pair.indexOf(':');
  return [value, rest, pair, pair.slice(0, colon), pair.slice(colon + 1)];
}
