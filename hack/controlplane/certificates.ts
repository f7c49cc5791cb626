// Loaded with this file: the library beneath puts its functions among the globals, and mocha would call that a leak of
// the test that asks for certificates first.
import 'reflect-metadata';
import '@peculiar/x509';
import { generateKeyPairSync } from 'node:crypto';
import { instant, millis } from '../../src/carbon/units.ts';
import { issueAuthority, issueLeaf } from '../../src/service/certificates/issue.ts';

const DAY_MILLIS = 24 * 3600 * 1000;

/** A certificate authority, and one server certificate of it for loopback; all PEM. */
export interface Certificates {
  readonly ca: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

/** Makes fresh certificates, good for a few days: no test cluster lives longer. */
export async function makeCertificates(now: Date): Promise<Certificates> {
  const term = { now: instant(now.getTime()), life: millis(7 * DAY_MILLIS) };
  const authority = await issueAuthority('lowtide-test-ca', term);
  const server = await issueLeaf(authority, {
    ...term,
    names: { dns: ['localhost', 'kubernetes.default.svc'], ip: ['127.0.0.1', '10.0.0.1'] },
    // Also shown by callers: tests of mutual TLS need no second certificate.
    forCallers: true,
  });
  return { ca: authority.certificate, serverCertificate: server.certificate, serverKey: server.key };
}

/** The key that signs service account tokens, PEM. */
export function makeServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'sec1', format: 'pem' });
}
