import assert from 'node:assert/strict';
import { createTlsSecret, readTlsSecret, updateTlsSecret } from '../../../src/kubernetes/tls-secret.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { writeCaBundle } from '../../../src/kubernetes/webhook-configurations.ts';
import { registerWebhooks, unregisterWebhooks } from '../../../src/kubernetes/webhook-registration.ts';
import { ObjectServer } from '../../support/object-server.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MUTATING = `${GROUP}/mutatingwebhookconfigurations/lowtide`;
const VALIDATING = `${GROUP}/validatingwebhookconfigurations/lowtide`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const patience = { signal: new AbortController().signal, silence: 5_000 };

function configuration(kind: string, ...names: string[]): Record<string, unknown> {
  const webhooks = names.map((name) => ({
    name,
    failurePolicy: 'Fail',
    clientConfig: { service: { name: 'lowtide-admission', namespace: 'lowtide', path: `/admission/v1/${name}` } },
  }));
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: 'lowtide' }, webhooks };
}

describe('webhooks in the cluster', () => {
  let server: ObjectServer;
  const methods = (): string[] => server.requests.map(({ method }) => method);
  const clientConfigs = (path: string): unknown[] =>
    (server.get(path)['webhooks'] as unknown[]).map((webhook) => member(webhook, 'clientConfig'));

  beforeEach(async () => {
    server = await ObjectServer.start();
  });

  afterEach(() => server.stop());

  describe('writeCaBundle', () => {
    const write = () => writeCaBundle(server.access, 'lowtide', 'PEM', patience);

    it('gives every webhook of the name the bundle, and touches nothing else', async () => {
      server.put(MUTATING, configuration('MutatingWebhookConfiguration', 'pods', 'jobs'));
      server.put(VALIDATING, configuration('ValidatingWebhookConfiguration', 'bindings'));
      const before = structuredClone(server.get(MUTATING)['webhooks']) as { clientConfig: object }[];

      assert.deepEqual(await write(), { found: 2, changed: true });

      for (const webhook of before) Object.assign(webhook.clientConfig, { caBundle: base64('PEM') });
      assert.deepEqual(server.get(MUTATING)['webhooks'], before);
      assert.equal(member(clientConfigs(VALIDATING)[0], 'caBundle'), base64('PEM'));
    });

    it('writes nothing where it is right already', async () => {
      server.put(MUTATING, configuration('MutatingWebhookConfiguration', 'pods'));
      await write();
      server.requests.length = 0;

      assert.deepEqual(await write(), { found: 1, changed: false });
      assert.deepEqual(methods(), ['GET', 'GET']);
    });

    it('finds none of the name', async () => {
      assert.deepEqual(await write(), { found: 0, changed: false });
    });

    it('looks again where the list of webhooks changes under its hands', async () => {
      server.put(MUTATING, configuration('MutatingWebhookConfiguration', 'pods', 'jobs'));
      server.intercept = ({ method }) => {
        if (method !== 'PATCH') return undefined;
        server.intercept = () => undefined;
        server.put(MUTATING, configuration('MutatingWebhookConfiguration', 'new', 'pods', 'jobs'));
        return undefined;
      };

      assert.deepEqual(await write(), { found: 1, changed: true });

      assert.ok(clientConfigs(MUTATING).every((config) => member(config, 'caBundle') === base64('PEM')));
      assert.deepEqual(methods(), ['GET', 'PATCH', 'GET', 'PATCH', 'GET']);
    });

    it('gives up where it never holds still, and throws what it may not do', async () => {
      server.put(MUTATING, configuration('MutatingWebhookConfiguration', 'pods'));
      server.intercept = ({ method }) => (method === 'PATCH' ? { status: 409 } : undefined);
      await assert.rejects(write(), { code: 'conflict' });
      server.intercept = () => ({ status: 403 });
      await assert.rejects(write(), { code: 'forbidden' });
    });
  });

  describe('registerWebhooks', () => {
    const policy = { kind: 'ValidatingAdmissionPolicy', metadata: { name: 'lowtide-tampering' }, spec: { x: 1 } };
    const binding = { kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: 'lowtide-tampering' } };
    const documents = [policy, binding, configuration('MutatingWebhookConfiguration', 'pods')];
    const register = (url = 'https://127.0.0.1:9443') =>
      registerWebhooks(server.access, { documents, url, caBundle: 'PEM' }, patience);

    it('makes them all, with the URL in place of the Service, and policies as they are', async () => {
      await register();

      assert.deepEqual(clientConfigs(MUTATING), [
        { url: 'https://127.0.0.1:9443/admission/v1/pods', caBundle: base64('PEM') },
      ]);
      assert.deepEqual(server.get(`${GROUP}/validatingadmissionpolicies/lowtide-tampering`)['spec'], { x: 1 });
      assert.ok(server.objects.has(`${GROUP}/validatingadmissionpolicybindings/lowtide-tampering`));
    });

    it('replaces what an earlier process left', async () => {
      await register();
      await register('https://127.0.0.1:9999/');

      assert.equal(member(clientConfigs(MUTATING)[0], 'url'), 'https://127.0.0.1:9999/admission/v1/pods');
      assert.equal(server.objects.size, 3);
    });

    it('writes nothing where a document is of another kind', async () => {
      const odd = [...documents, { kind: 'Service', metadata: { name: 'x' } }];
      const registering = registerWebhooks(server.access, { documents: odd, url: '', caBundle: '' }, patience);

      await assert.rejects(registering, { message: /^Service x: only/ });
      assert.deepEqual(methods(), []);
    });

    it('tries again where another process writes the same', async () => {
      await register();
      let once = true;
      server.intercept = ({ method }) => {
        if (method !== 'PUT' || !once) return undefined;
        once = false;
        return { status: 409 };
      };

      await register();
      server.intercept = ({ method }) => (method === 'PUT' ? { status: 409 } : undefined);
      await assert.rejects(register(), { code: 'conflict' });
    });

    it('removes them all, whatever is gone already, and the rest even where one cannot be', async () => {
      await register();
      server.objects.delete(`${GROUP}/validatingadmissionpolicies/lowtide-tampering`);
      await unregisterWebhooks(server.access, documents, patience);
      assert.equal(server.objects.size, 0);

      await register();
      server.intercept = ({ path }) => (path.includes('bindings') ? { status: 500 } : undefined);
      await assert.rejects(unregisterWebhooks(server.access, documents, patience), { code: 'server-error' });
      assert.deepEqual([...server.objects.keys()], [`${GROUP}/validatingadmissionpolicybindings/lowtide-tampering`]);
    });
  });

  describe('the Secret', () => {
    const name = { namespace: 'lowtide', name: 'tls' };
    const data = { 'tls.crt': 'c', 'tls.key': 'k', 'next-ca.crt': null };

    it('is made once, of the type for certificates, its values encoded', async () => {
      const made = await createTlsSecret(server.access, name, data, patience);

      assert.deepEqual(made?.data, { 'tls.crt': 'c', 'tls.key': 'k' });
      const kept = server.get('/api/v1/namespaces/lowtide/secrets/tls');
      assert.equal(kept['type'], 'kubernetes.io/tls');
      assert.deepEqual(kept['data'], { 'tls.crt': base64('c'), 'tls.key': base64('k') });
      assert.equal(await createTlsSecret(server.access, name, data, patience), null);
    });

    it('is read, or is not there', async () => {
      assert.equal(await readTlsSecret(server.access, name, patience), null);
      await createTlsSecret(server.access, name, data, patience);

      assert.deepEqual((await readTlsSecret(server.access, name, patience))?.data, { 'tls.crt': 'c', 'tls.key': 'k' });
    });

    it('is written only as it was read, the rest of it kept', async () => {
      const made = await createTlsSecret(server.access, name, data, patience);
      const at = { secret: name, resourceVersion: made?.resourceVersion ?? '' };
      const change = { 'tls.crt': 'd', 'tls.key': null, 'ca.crt': 'ü' };

      assert.deepEqual((await updateTlsSecret(server.access, at, change, patience))?.data, {
        'tls.crt': 'd',
        'ca.crt': 'ü',
      });
      assert.equal(await updateTlsSecret(server.access, at, change, patience), null);
      server.objects.clear();
      assert.equal(await updateTlsSecret(server.access, at, change, patience), null);
    });

    it('throws what it may not do', async () => {
      server.intercept = () => ({ status: 403 });

      await assert.rejects(readTlsSecret(server.access, name, patience), {
        code: 'forbidden',
        message: /read secret lowtide\/tls/,
      });
      await assert.rejects(createTlsSecret(server.access, name, data, patience), { code: 'forbidden' });
    });
  });
});
