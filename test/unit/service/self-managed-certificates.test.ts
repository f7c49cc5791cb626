import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { instant, millis } from '../../../src/carbon/units.ts';
import { isApiError, KubernetesError } from '../../../src/kubernetes/errors.ts';
import { SelfManagedCertificates } from '../../../src/service/certificates/self-managed.ts';
import type { CertificateTerms } from '../../../src/service/certificates/step.ts';
import { temporaryCertificates } from '../../../src/service/certificates/temporary.ts';
import { serves } from '../../../src/service/certificates/validity.ts';
import { CertificateShelf } from '../../support/certificate-shelf.ts';

const MINUTE = 60_000;
const TERMS: CertificateTerms = {
  names: { dns: ['lowtide-admission.lowtide.svc'], ip: [] },
  authorityLife: millis(60 * MINUTE),
  leafLife: millis(20 * MINUTE),
  settle: millis(2 * MINUTE),
};
const POLL = millis(MINUTE / 2);

/** A replica whose pauses end when the test says so. */
class Replica {
  readonly log: string[] = [];
  used: SecureContextOptions | null = null;
  readonly certificates: SelfManagedCertificates;
  #go: () => void = () => undefined;
  #paused = Promise.withResolvers<undefined>();

  constructor(store: CertificateShelf, now: () => number) {
    this.certificates = new SelfManagedCertificates({
      store,
      terms: TERMS,
      observer: {
        onStep: (step) => this.log.push(step),
        onRenewed: () => this.log.push('renewed'),
        onRegistered: (registered) => this.log.push(registered ? 'registered' : 'unregistered'),
        onTrouble: (error) => this.log.push(isApiError(error) ? error.code : String(error)),
      },
      timing: {
        poll: POLL,
        now: () => instant(now()),
        random: () => 1,
        delay: (_ms, signal) =>
          new Promise((resolve, reject) => {
            this.#go = resolve;
            signal.addEventListener('abort', () => {
              reject(new Error('stopped'));
            });
            this.#paused.resolve(undefined);
          }),
      },
    });
    this.certificates.onRenewed((tls) => (this.used = tls));
  }

  async start(): Promise<void> {
    this.used = await this.certificates.start();
    await this.#paused.promise;
  }

  /** Lets it look once. */
  async look(): Promise<void> {
    this.#paused = Promise.withResolvers<undefined>();
    this.#go();
    await this.#paused.promise;
  }
}

describe('SelfManagedCertificates', () => {
  let now: number;
  let shelf: CertificateShelf;
  let replicas: Replica[];
  const leaf = (replica: Replica | undefined): string => String(replica?.used?.cert);
  const authorities = (bundle: string | undefined): string[] =>
    bundle?.match(/-----BEGIN[^]+?END CERTIFICATE-----/g) ?? [];
  const bundle = (): string[] => authorities(shelf.bundles.at(-1)?.pem);
  const trusted = (pem: string, by: string): boolean =>
    authorities(by).some((ca) => serves(pem, ca, { names: TERMS.names, now: instant(now) }));

  beforeEach(() => {
    now = Date.parse('2026-03-02T12:00:00Z');
    shelf = new CertificateShelf(() => now);
    replicas = [];
  });

  afterEach(() => Promise.all(replicas.map(({ certificates }) => certificates.stop())));

  async function start(count = 1): Promise<Replica[]> {
    const fresh = Array.from({ length: count }, () => new Replica(shelf, () => now));
    replicas.push(...fresh);
    await Promise.all(fresh.map((each) => each.start()));
    return fresh;
  }

  async function pass(minutes: number): Promise<void> {
    const end = now + minutes * MINUTE;
    while (now < end) {
      now += POLL;
      await Promise.all(replicas.map((each) => each.look()));
    }
  }

  it('lets replicas that start at once agree on one authority and one certificate', async () => {
    const all = await start(3);

    assert.equal(new Set(all.map(leaf)).size, 1);
    assert.equal(bundle().length, 1);
    assert.ok(trusted(leaf(all[0]), shelf.bundles.at(-1)?.pem ?? ''));
    assert.equal(all.flatMap(({ log }) => log).filter((each) => each === 'begin').length, 1);
  });

  it('takes up what an earlier process left', async () => {
    const [before] = await start();
    await before?.certificates.stop();
    const [after] = await start();

    assert.equal(leaf(after), leaf(before));
    assert.deepEqual(after?.log, ['registered']);
  });

  it('renews the certificate under the same authority', async () => {
    const [one] = (await start()) as [Replica];
    const [first, [ca]] = [leaf(one), bundle()];
    await pass(15);

    assert.notEqual(leaf(one), first);
    assert.deepEqual(bundle(), [ca]);
    assert.deepEqual(one.log, ['begin', 'registered', 'renew', 'renewed']);
  });

  it('replaces the authority: announced, used, the old one forgotten, each after everybody could notice', async () => {
    const [one] = (await start()) as [Replica];
    const stages: number[] = [];
    while (!one.log.includes('forget')) {
      await pass(0.5);
      if (bundle().length !== stages.at(-1)) stages.push(bundle().length);
    }

    assert.deepEqual(stages, [1, 2, 1]);
    assert.deepEqual(
      one.log.filter((each) => ['announce', 'switch', 'forget'].includes(each)),
      ['announce', 'switch', 'forget'],
    );
    const [second, third] = shelf.bundles.slice(-2);
    assert.ok((third?.from ?? 0) - (second?.from ?? 0) >= 2 * TERMS.settle);
    assert.ok(trusted(leaf(one), third?.pem ?? ''));
  });

  it('is trusted at every moment, through rotations, conflicts and failures, even by an API server that is late', async () => {
    await start(3);
    let failures = 0;
    let calls = 0;
    shelf.fault = () => {
      calls += 1;
      // Each third call or so fails, never for so long that a replica misses a whole stage.
      if ((calls * 7919) % 10 < 3) {
        failures += 1;
        throw new KubernetesError('unreachable', 'away');
      }
    };
    for (let minute = 0; minute < 200; minute += 0.5) {
      await pass(0.5);
      for (const replica of replicas) {
        for (const pem of shelf.inForce(TERMS.settle / 2)) {
          assert.ok(trusted(leaf(replica), pem), `after ${minute} minutes`);
        }
      }
    }

    const steps = replicas.flatMap(({ log }) => log);
    assert.ok(steps.filter((step) => step === 'forget').length >= 3, 'three rotations');
    assert.ok(failures > 100);
    const serials = shelf.bundles
      .flatMap(({ pem }) => authorities(pem))
      .map((pem) => new X509Certificate(pem).serialNumber);
    assert.ok(new Set(serials).size >= 4);
  }).timeout(30_000);

  it('counts the wait from when API servers were told, not from when it was decided', async () => {
    const [one] = (await start()) as [Replica];
    while (shelf.data?.['next-ca.crt'] === undefined) {
      shelf.fault = (call) => {
        if (call === 'trust' && shelf.data?.['next-ca.crt'] !== undefined) throw new KubernetesError('timeout', 'late');
      };
      await pass(0.5);
    }
    await pass(10);
    assert.ok(!one.log.includes('switch'));
    assert.ok(one.log.includes('timeout'));

    shelf.fault = () => undefined;
    await pass(1.5);
    assert.equal(bundle().length, 2);
    assert.ok(!one.log.includes('switch'));
    await pass(1.5);
    assert.ok(one.log.includes('switch'));
  });

  it('puts the trust back where somebody took it away', async () => {
    await start();
    const pem = shelf.bundles.at(-1)?.pem;
    await shelf.trust('');
    await pass(0.5);

    assert.equal(shelf.bundles.at(-1)?.pem, pem);
  });

  it('makes everything anew where what is kept cannot be used', async () => {
    const [one] = (await start()) as [Replica];
    const first = leaf(one);
    shelf.data = { ...shelf.data, 'tls.key': 'broken' };
    await pass(0.5);

    assert.notEqual(leaf(one), first);
    assert.ok(trusted(leaf(one), shelf.bundles.at(-1)?.pem ?? ''));
  });

  it('does without a former authority that is broken: API servers would refuse it', async () => {
    const [one] = (await start()) as [Replica];
    const [first, ca] = [leaf(one), bundle()];
    shelf.data = { ...shelf.data, 'old-ca.crt': 'broken' };
    await pass(0.5);

    assert.deepEqual([leaf(one), bundle(), shelf.bundles.at(-1)?.pem.includes('broken')], [first, ca, false]);
  });

  it('goes on with what it has while the API server is away', async () => {
    const [one] = (await start()) as [Replica];
    const first = leaf(one);
    shelf.fault = () => {
      throw new KubernetesError('unreachable', 'away');
    };
    await pass(15);
    assert.equal(leaf(one), first);
    assert.equal(one.log.at(-1), 'unreachable');

    shelf.fault = () => undefined;
    await pass(0.5);
    assert.notEqual(leaf(one), first);
  });

  it('does not start where it may not read the Secret', async () => {
    shelf.fault = () => {
      throw new KubernetesError('forbidden', 'HTTP 403: read secret lowtide/tls: no');
    };
    const one = new Replica(shelf, () => now);

    await assert.rejects(one.start(), { code: 'forbidden', message: /read secret/ });
  });

  it('says so where there is nothing that would call it', async () => {
    shelf.registered = 0;
    const [one] = (await start()) as [Replica];
    shelf.registered = 2;
    await pass(0.5);

    assert.deepEqual(one.log, ['begin', 'unregistered', 'registered']);
  });
});

describe('temporaryCertificates', () => {
  it('are a certificate for the names, and whom to trust for it', async () => {
    const names = { dns: [], ip: ['127.0.0.1'] };
    const now = instant(Date.now());

    const { tls, caBundle } = await temporaryCertificates(names, now);

    assert.ok(serves(String(tls.cert), caBundle, { names, now }));
  });
});
