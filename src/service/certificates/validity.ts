import { createPrivateKey, X509Certificate } from 'node:crypto';
import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { KeyPair, ServerNames } from './issue.ts';

/** When a certificate is replaced: after this share of its life, so that a third is left for what goes wrong. */
const SHARE_OF_LIFE = 2 / 3;

/** When to replace a PEM certificate. Throws where it is none. */
export function whenToRenew(certificate: string): Instant {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
  return instant(from + (to - from) * SHARE_OF_LIFE);
}

/** Whether a text is a PEM certificate. */
export function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).validTo !== '';
  } catch {
    return false;
  }
}

/** Whether certificate and key are what they should be, and belong together. */
export function isPair({ certificate, key }: KeyPair): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Whether a certificate is of this authority, for these names, and valid now. */
export function serves(leaf: string, authority: string, { names, now }: { names: ServerNames; now: Instant }): boolean {
  const [certificate, issuer] = [new X509Certificate(leaf), new X509Certificate(authority)];
  const valid = now >= certificate.validFromDate.getTime() && now < certificate.validToDate.getTime();
  const named =
    names.dns.every((name) => certificate.checkHost(name) !== undefined) &&
    names.ip.every((address) => certificate.checkIP(address) !== undefined);
  return valid && named && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Whether a certificate's life is over. */
export function isExpired(certificate: string, now: Instant): boolean {
  return now >= new X509Certificate(certificate).validToDate.getTime();
}
