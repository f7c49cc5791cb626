import { webcrypto } from 'node:crypto';
import type * as x509Types from '@peculiar/x509';
import type { Instant, Millis } from '../../carbon/units.ts';

type X509 = typeof x509Types;

/** A certificate with its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** When something is issued, and for how long. */
export interface Term {
  readonly now: Instant;
  readonly life: Millis;
}

/** By what a server is known. */
export interface ServerNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

interface LeafOptions extends Term {
  readonly names: ServerNames;
  /** Whether callers may show it, too. */
  readonly forCallers?: boolean;
}

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** Clocks of a cluster differ: what was issued a moment ago must not be of the future. */
const BACKDATED = { longest: 5 * 60_000, share: 0.1 };

/** Makes a certificate authority; `name` is its common name, different for each, so that two can be told apart. */
export async function issueAuthority(name: string, term: Term): Promise<KeyPair> {
  const x509 = await load();
  const keys = await generateKeys();
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: KEY,
    ...validity(term),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pair(x509, made.toString('pem'), keys.privateKey);
}

/** Makes a server's certificate under an authority; its life ends with the authority's at the latest. */
export async function issueLeaf(
  authority: KeyPair,
  { names, forCallers = false, ...term }: LeafOptions,
): Promise<KeyPair> {
  const x509 = await load();
  const keys = await generateKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const { notBefore, notAfter } = validity(term);
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const made = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [(names.dns[0] ?? names.ip[0] ?? '').slice(0, LONGEST_CN)] }],
    issuer: issuer.subject,
    signingKey: await signingKey(x509, authority.key),
    publicKey: keys.publicKey,
    signingAlgorithm: KEY,
    notBefore,
    notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(forCallers ? [serverAuth, clientAuth] : [serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.dns.map((value) => ({ type: 'dns' as const, value })),
        ...names.ip.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return pair(x509, made.toString('pem'), keys.privateKey);
}

/** Of a common name, by the standard; the names that count are the alternative ones. */
const LONGEST_CN = 64;

// Loaded when first needed: it costs memory that a service with certificate files never pays.
async function load(): Promise<X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function validity({ now, life }: Term): { readonly notBefore: Date; readonly notAfter: Date } {
  const backdated = Math.min(BACKDATED.longest, BACKDATED.share * life);
  return { notBefore: new Date(now - backdated), notAfter: new Date(now + life) };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

async function signingKey({ PemConverter }: X509, pem: string): Promise<webcrypto.CryptoKey> {
  const [bytes] = PemConverter.decode(pem);
  if (bytes === undefined) throw new Error('the key of the certificate authority is not PEM');
  return webcrypto.subtle.importKey('pkcs8', bytes, KEY, false, ['sign']);
}

async function pair({ PemConverter }: X509, certificate: string, privateKey: webcrypto.CryptoKey): Promise<KeyPair> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return { certificate, key: PemConverter.encode(bytes, 'PRIVATE KEY') };
}
