// Needed by x509, and must be loaded before it.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { generateKeyPairSync, webcrypto } from 'node:crypto';

const KEY = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MILLIS = 24 * 3600 * 1000;

/** A certificate authority, and one server certificate of it for loopback; all PEM. */
export interface Certificates {
  readonly ca: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

/** Makes fresh certificates, good for a few days: no test cluster lives longer. */
export async function makeCertificates(now: Date): Promise<Certificates> {
  const notBefore = new Date(now.getTime() - DAY_MILLIS);
  const notAfter = new Date(now.getTime() + 7 * DAY_MILLIS);
  const caKeys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const serverKeys = await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=lowtide-test-ca',
    keys: caKeys,
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await X509CertificateGenerator.create({
    subject: 'CN=lowtide-test-server',
    issuer: ca.subject,
    signingKey: caKeys.privateKey,
    publicKey: serverKeys.publicKey,
    notBefore,
    notAfter,
    extensions: [
      // Also shown by callers: tests of mutual TLS need no second certificate.
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '10.0.0.1' },
        { type: 'dns', value: 'localhost' },
        { type: 'dns', value: 'kubernetes.default.svc' },
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey);
  return {
    ca: ca.toString('pem'),
    serverCertificate: server.toString('pem'),
    serverKey: PemConverter.encode(key, 'PRIVATE KEY'),
  };
}

/** The key that signs service account tokens, PEM. */
export function makeServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' });
}
