import type { TlsSecret } from '../../src/kubernetes/tls-secret.ts';
import type { CertificateStore } from '../../src/service/certificates/store.ts';

/** The Secret and the webhooks' trust in memory, with the trust's history. */
export class CertificateShelf implements CertificateStore {
  data: Readonly<Record<string, string>> | null = null;
  /** How many webhook configurations there are. */
  registered = 1;
  readonly bundles: { readonly from: number; readonly pem: string }[] = [];
  /** Throws where a call is to fail. */
  fault: (call: keyof CertificateStore) => void = () => undefined;
  readonly #clock: () => number;
  #version = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  async read(): ReturnType<CertificateStore['read']> {
    await this.#call('read');
    return this.data && this.#secret(this.data);
  }

  async create(data: Parameters<CertificateStore['create']>[0]): ReturnType<CertificateStore['create']> {
    await this.#call('create');
    return this.data === null ? this.#write(data) : null;
  }

  async update(
    version: string,
    data: Parameters<CertificateStore['update']>[1],
  ): ReturnType<CertificateStore['update']> {
    await this.#call('update');
    return version === String(this.#version) ? this.#write(data) : null;
  }

  async trust(pem: string): ReturnType<CertificateStore['trust']> {
    await this.#call('trust');
    const changed = this.registered > 0 && this.bundles.at(-1)?.pem !== pem;
    if (changed) this.bundles.push({ from: this.#clock(), pem });
    return { found: this.registered, changed };
  }

  /** Every bundle that was in force at some time in the last so many milliseconds. */
  inForce(lag: number): readonly string[] {
    const since = this.#clock() - lag;
    return this.bundles.filter((_, index) => (this.bundles[index + 1]?.from ?? Infinity) > since).map(({ pem }) => pem);
  }

  async #call(name: keyof CertificateStore): Promise<void> {
    await Promise.resolve();
    this.fault(name);
  }

  #write(data: Readonly<Record<string, string | null>>): TlsSecret {
    this.#version += 1;
    const entries = Object.entries({ ...this.data, ...data });
    this.data = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
    return this.#secret(this.data);
  }

  #secret(data: TlsSecret['data']): TlsSecret {
    return { resourceVersion: String(this.#version), data };
  }
}
