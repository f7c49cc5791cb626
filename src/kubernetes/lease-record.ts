import type { Instant, Millis } from '../carbon/units.ts';
import { microTime } from './micro-time.ts';
import { member, text } from './untyped.ts';

/** Who writes a Lease, when, and for how long. */
export interface LeaseClaim {
  readonly identity: string;
  readonly now: Instant;
  readonly leaseDuration: Millis;
}

/** Who holds the Lease; null: nobody. */
export function holderOf(lease: unknown): string | null {
  return text(member(member(lease, 'spec'), 'holderIdentity'));
}

/** What changes with every renewal, comparable by value. Times in it are never read: clocks differ. */
export function recordOf(lease: unknown): string {
  return JSON.stringify(member(lease, 'spec') ?? null);
}

/** A Lease that nobody has made yet, held by the one who makes it. */
export function newLease(namespace: string, name: string, claim: LeaseClaim): unknown {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name },
    spec: { ...held(claim), acquireTime: microTime(claim.now), leaseTransitions: 0 },
  };
}

/** The Lease as it was read, acquired or renewed; what we do not know of it stays. */
export function claimed(lease: unknown, claim: LeaseClaim): unknown {
  const spec = member(lease, 'spec');
  const changed = holderOf(lease) === claim.identity ? {} : acquired(spec, claim.now);
  return { ...objectOf(lease), spec: { ...objectOf(spec), ...held(claim), ...changed } };
}

/** The Lease as it was read, given up: the next may take it at once. */
export function released(lease: unknown, now: Instant): unknown {
  const time = microTime(now);
  const empty = { holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time };
  return { ...objectOf(lease), spec: { ...objectOf(member(lease, 'spec')), ...empty } };
}

function held({ identity, leaseDuration, now }: LeaseClaim): object {
  const leaseDurationSeconds = Math.max(1, Math.ceil(leaseDuration / 1000));
  return { holderIdentity: identity, leaseDurationSeconds, renewTime: microTime(now) };
}

function acquired(spec: unknown, now: Instant): object {
  const transitions = member(spec, 'leaseTransitions');
  const before = typeof transitions === 'number' ? transitions : 0;
  return { acquireTime: microTime(now), leaseTransitions: before + 1 };
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
