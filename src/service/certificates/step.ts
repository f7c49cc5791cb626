import type { Instant, Millis } from '../../carbon/units.ts';
import { instant, millis } from '../../carbon/units.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import type { KeyPair, ServerNames } from './issue.ts';
import type { Kept } from './kept.ts';
import { isExpired, serves, whenToRenew } from './validity.ts';

/**
 * What is to be done next. `begin`: make everything; `announce`: make a new authority and have it trusted; `switch`:
 * use it; `forget`: trust the old one no more; `renew`: a new certificate under the same authority.
 */
export type Step = 'begin' | 'announce' | 'switch' | 'forget' | 'renew' | 'none';

/** What the steps depend on. */
export interface CertificateTerms {
  readonly names: ServerNames;
  readonly authorityLife: Millis;
  readonly leafLife: Millis;
  /** How long every API server and replica may take to notice a change. */
  readonly settle: Millis;
}

const DAY = 24 * 3_600_000;

/** A year, a month, and five minutes: thirty times what a replica needs to look at the Secret again. */
export const CERTIFICATE_TERMS: Omit<CertificateTerms, 'names'> = {
  authorityLife: millis(365 * DAY),
  leafLife: millis(30 * DAY),
  settle: millis(5 * 60_000),
};

/** Decides the next step; pure but for reading certificates. */
export function nextStep(kept: Kept | null, terms: CertificateTerms, now: Instant): Step {
  if (kept === null || isExpired(kept.authority.certificate, now)) return 'begin';
  const stage = kept.next === null ? 'forget' : 'switch';
  const changing = kept.next !== null || kept.old !== null;
  if (changing && now >= kept.since + terms.settle) return stage;
  if (needsLeaf(kept, terms, now)) return 'renew';
  return !changing && now >= whenToRenew(kept.authority.certificate) ? 'announce' : 'none';
}

function needsLeaf({ leaf, authority }: Kept, { names }: CertificateTerms, now: Instant): boolean {
  return !serves(leaf.certificate, authority.certificate, { names, now }) || now >= whenToRenew(leaf.certificate);
}

/** What is to be kept after a step. */
export async function takeStep(
  step: Exclude<Step, 'none'>,
  kept: Kept | null,
  terms: CertificateTerms,
  now: Instant,
): Promise<Kept> {
  if (step === 'begin' || kept === null) return begin(terms, now);
  switch (step) {
    case 'announce':
      return { ...kept, next: await authority(terms, now), since: now };
    case 'switch':
      return kept.next === null ? kept : change(kept, kept.next, terms, now);
    case 'forget':
      return { ...kept, old: null, since: now };
    case 'renew':
      return { ...kept, leaf: await leaf(kept.authority, terms, now) };
  }
}

async function begin(terms: CertificateTerms, now: Instant): Promise<Kept> {
  const made = await authority(terms, now);
  return { authority: made, leaf: await leaf(made, terms, now), next: null, old: null, since: now };
}

async function change(kept: Kept, next: KeyPair, terms: CertificateTerms, now: Instant): Promise<Kept> {
  const old = kept.authority.certificate;
  return { authority: next, leaf: await leaf(next, terms, now), next: null, old, since: now };
}

function authority({ authorityLife }: CertificateTerms, now: Instant): Promise<KeyPair> {
  return issueAuthority(`lowtide-ca-${new Date(instant(now)).toISOString()}`, { now, life: authorityLife });
}

function leaf(issuer: KeyPair, { names, leafLife }: CertificateTerms, now: Instant): Promise<KeyPair> {
  return issueLeaf(issuer, { names, now, life: leafLife });
}
