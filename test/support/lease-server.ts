import type { LeaseStore } from '../../src/kubernetes/lease-store.ts';
import { member, metadataText } from '../../src/kubernetes/untyped.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How one request fares: ms until it takes effect, ms until the answer, and whether either is lost. */
export interface Passage {
  readonly there: number;
  readonly back: number;
  readonly lost?: 'request' | 'answer';
}

export const AT_ONCE: Passage = { there: 0, back: 0 };

/** One Lease as an API server keeps it, behind a network that delays and loses; it heeds no abort. */
export class LeaseServer {
  lease: unknown = null;
  /** Every write that took effect. */
  readonly written: unknown[] = [];
  readonly #time: VirtualTime;
  #version = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** The Lease as one holder reaches it. */
  store(passage: () => Passage = () => AT_ONCE): LeaseStore {
    const through = async (request: () => unknown): Promise<unknown> => {
      const { there, back, lost } = passage();
      await this.#time.delay(there);
      if (lost === 'request') throw new Error('request lost');
      const answer = request();
      await this.#time.delay(back);
      if (lost === 'answer') throw new Error('answer lost');
      return structuredClone(answer);
    };
    return {
      read: () => through(() => this.lease),
      create: (lease) => through(() => (this.lease === null ? this.#write(lease) : null)),
      replace: (lease) => {
        const sent = structuredClone(lease);
        return through(() => (versionOf(sent) === versionOf(this.lease) ? this.#write(sent) : null));
      },
    };
  }

  #write(lease: unknown): unknown {
    this.#version += 1;
    const metadata = { ...(member(lease, 'metadata') as object), resourceVersion: String(this.#version) };
    this.lease = { ...(lease as object), metadata };
    this.written.push(this.lease);
    return this.lease;
  }
}

function versionOf(lease: unknown): string | null {
  return metadataText(lease, 'resourceVersion');
}
