import type { HttpRequest } from './request.ts';

const HARMLESS = new Set(['accept', 'content-type', 'user-agent']);
/** Shorter ones would be found in ordinary words. */
const SHORTEST = 6;

/** The text of an answer without the credentials of its request, which error pages like to repeat. */
export function concealed(text: string, { headers = {}, secretQuery = {} }: HttpRequest): string {
  const credentials = Object.entries(headers).filter(([name]) => !HARMLESS.has(name.toLowerCase()));
  const secrets = [...Object.values(secretQuery), ...credentials.flatMap(([, value]) => partsOf(value))];
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)])
    .filter((secret) => secret.length >= SHORTEST)
    .reduce((shown, secret) => shown.replaceAll(secret, '…'), text);
}

/** `Bearer TOKEN` is known by its token too, `Basic …` by the user's name and password. */
function partsOf(value: string): readonly string[] {
  const [, scheme = '', rest = ''] = /^(\w+) (.+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return rest === '' ? [value] : [value, rest];
  const pair = Buffer.from(rest, 'base64').toString();
  const colon = pair.indexOf(':');
  return [value, rest, pair, pair.slice(0, colon), pair.slice(colon + 1)];
}
