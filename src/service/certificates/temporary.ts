import type { SecureContextOptions } from 'node:tls';
import type { Instant } from '../../carbon/units.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import type { ServerNames } from './issue.ts';
import { CERTIFICATE_TERMS } from './step.ts';

/** A certificate that lives as long as the process, and whom to trust for it. */
export interface TemporaryCertificates {
  readonly tls: SecureContextOptions;
  /** PEM. */
  readonly caBundle: string;
}

/** Makes an authority and a certificate that are kept nowhere; good for a year. */
export async function temporaryCertificates(names: ServerNames, now: Instant): Promise<TemporaryCertificates> {
  const term = { now, life: CERTIFICATE_TERMS.authorityLife };
  const authority = await issueAuthority('lowtide-temporary-ca', term);
  const leaf = await issueLeaf(authority, { names, ...term });
  return { tls: { cert: leaf.certificate, key: leaf.key }, caBundle: authority.certificate };
}
