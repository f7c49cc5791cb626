import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { KeyPair } from './issue.ts';
import { isCertificate, isPair } from './validity.ts';

/**
 * What the Secret keeps, and so what all replicas agree on. A new authority passes through three stages, each long
 * enough for everybody to have noticed: `next` (trusted, not used), current with `old` (used, the old one still
 * trusted), current alone.
 */
export interface Kept {
  readonly authority: KeyPair;
  readonly leaf: KeyPair;
  readonly next: KeyPair | null;
  /** Certificate of the authority before. */
  readonly old: string | null;
  /** When the present stage began. */
  readonly since: Instant;
}

/** Every authority that is to be trusted, PEM; oldest first, so that a switch leaves it as it is. */
export function bundleOf({ authority, next, old }: Kept): string {
  return [old, authority.certificate, next?.certificate]
    .filter((pem) => typeof pem === 'string')
    .map((pem) => `${pem.trim()}\n`)
    .join('');
}

/** Reads a Secret's data; null where what is there cannot be used. */
export function keptFrom(data: Readonly<Record<string, string>>): Kept | null {
  const pair = (name: string): KeyPair | null => {
    const found = { certificate: data[`${name}.crt`] ?? '', key: data[`${name}.key`] ?? '' };
    return isPair(found) ? found : null;
  };
  const [authority, leaf] = [pair('ca'), pair('tls')];
  if (authority === null || leaf === null) return null;
  const since = Date.parse(data['since'] ?? '');
  // An API server refuses a bundle of which any part is broken.
  const old = data['old-ca.crt'] ?? '';
  return {
    authority,
    leaf,
    next: pair('next-ca'),
    old: isCertificate(old) ? old : null,
    since: instant(Number.isNaN(since) ? 0 : since),
  };
}

/** A Secret's data; null takes a key away. */
export function dataOf({ authority, leaf, next, old, since }: Kept): Readonly<Record<string, string | null>> {
  return {
    'tls.crt': leaf.certificate,
    'tls.key': leaf.key,
    'ca.crt': authority.certificate,
    'ca.key': authority.key,
    'next-ca.crt': next?.certificate ?? null,
    'next-ca.key': next?.key ?? null,
    'old-ca.crt': old,
    since: new Date(since).toISOString(),
  };
}
