import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { issueAuthority, issueLeaf } from '../../../src/service/certificates/issue.ts';
import type { KeyPair } from '../../../src/service/certificates/issue.ts';
import { isExpired, isPair, serves, whenToRenew } from '../../../src/service/certificates/validity.ts';

const NOW = instant(Date.now());
const HOUR = 3_600_000;
const NAMES = { dns: ['lowtide-admission.lowtide.svc', 'localhost'], ip: ['127.0.0.1', '::1'] };
const after = (hours: number): Instant => instant(NOW + hours * HOUR);

describe('certificates of our own', () => {
  let authority: KeyPair;
  let leaf: KeyPair;

  before(async () => {
    authority = await issueAuthority('lowtide-ca', { now: NOW, life: millis(100 * HOUR) });
    leaf = await issueLeaf(authority, { names: NAMES, now: NOW, life: millis(10 * HOUR) });
  });

  it('are an authority for one level, and a server certificate with the names asked for', () => {
    const [ca, server] = [new X509Certificate(authority.certificate), new X509Certificate(leaf.certificate)];

    assert.ok(ca.ca);
    assert.ok(!server.ca);
    assert.ok(ca.checkIssued(ca));
    assert.ok(server.checkIssued(ca) && server.verify(ca.publicKey));
    assert.deepEqual(server.keyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.equal(server.checkHost('lowtide-admission.lowtide.svc'), 'lowtide-admission.lowtide.svc');
    assert.equal(server.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(server.checkHost('elsewhere.svc'), undefined);
  });

  it('convince a TLS client that trusts the authority, and none that trusts another', async () => {
    const other = await issueAuthority('lowtide-ca', { now: NOW, life: millis(HOUR) });
    const server = createServer({ cert: leaf.certificate, key: leaf.key }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = (ca: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', servername: NAMES.dns[0], ca }, () => {
          socket.destroy();
          resolve('trusted');
        });
        socket.once('error', (error) => {
          resolve(error.message);
        });
      });

    assert.equal(await ask(authority.certificate), 'trusted');
    assert.equal(await ask(`${other.certificate}\n${authority.certificate}`), 'trusted');
    assert.notEqual(await ask(other.certificate), 'trusted');
    server.close();
  });

  it('are backdated, since clocks differ, but never by more than a tenth of their life', async () => {
    const brief = await issueLeaf(authority, { names: NAMES, now: NOW, life: millis(60_000) });
    const from = (pem: string): number => NOW - new X509Certificate(pem).validFromDate.getTime();

    assert.ok(Math.abs(from(leaf.certificate) - 300_000) <= 1_000);
    assert.ok(Math.abs(from(brief.certificate) - 6_000) <= 1_000);
  });

  it('never outlive their authority', async () => {
    const long = await issueLeaf(authority, { names: NAMES, now: after(99), life: millis(10 * HOUR) });

    const [{ validTo }, { validTo: end }] = [long, authority].map(
      ({ certificate }) => new X509Certificate(certificate),
    ) as [X509Certificate, X509Certificate];
    assert.equal(validTo, end);
  });

  it('are renewed after two thirds of their life', () => {
    const due = whenToRenew(leaf.certificate) - NOW;

    assert.ok(Math.abs(due - 6.64 * HOUR) < 0.05 * HOUR, String(due / HOUR));
  });

  const cases: Record<string, { want: boolean; names?: typeof NAMES; hours?: number; other?: true }> = {
    'now, for its names': { want: true },
    'now, for some of its names': { want: true, names: { dns: ['localhost'], ip: [] } },
    'for a name that it lacks': { want: false, names: { dns: ['new.svc'], ip: [] } },
    'for an address that it lacks': { want: false, names: { dns: [], ip: ['10.0.0.1'] } },
    'before its time': { want: false, hours: -1 },
    'at its end': { want: false, hours: 10 },
    'under another authority': { want: false, other: true },
  };
  for (const [name, { want, names = NAMES, hours = 0, other }] of Object.entries(cases)) {
    it(`${want ? 'serve' : 'do not serve'} ${name}`, async () => {
      const term = { now: NOW, life: millis(HOUR) };
      const issuer = other === true ? await issueAuthority('lowtide-ca', term) : authority;

      assert.equal(serves(leaf.certificate, issuer.certificate, { names, now: after(hours) }), want);
    });
  }

  it('are told apart from what is none, or does not belong together', () => {
    assert.ok(isPair(leaf));
    assert.ok(!isPair({ ...leaf, key: authority.key }));
    assert.ok(!isPair({ certificate: 'no', key: 'PEM' }));
    assert.deepEqual([isExpired(leaf.certificate, after(9.9)), isExpired(leaf.certificate, after(10))], [false, true]);
  });
});
