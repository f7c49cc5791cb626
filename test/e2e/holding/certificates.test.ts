import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { json } from 'node:stream/consumers';
import type { RequestListener } from 'node:http';
import { openCluster } from '../../../hack/cluster/open.ts';
import { skipBecause } from '../../../hack/cluster/skip.ts';
import type { TestCluster } from '../../../hack/cluster/types.ts';
import { millis } from '../../../src/carbon/units.ts';
import { apiCall } from '../../../src/kubernetes/api-call.ts';
import type { ApiAnswer, ApiCall } from '../../../src/kubernetes/api-call.ts';
import { loadCluster } from '../../../src/kubernetes/client.ts';
import type { PooledKubeConfig } from '../../../src/kubernetes/pooled-config.ts';
import { member } from '../../../src/kubernetes/untyped.ts';
import { registerWebhooks, unregisterWebhooks } from '../../../src/kubernetes/webhook-registration.ts';
import { SelfManagedCertificates, UPKEEP_TIMING } from '../../../src/service/certificates/self-managed.ts';
import { clusterCertificates } from '../../../src/service/certificates/store.ts';
import { temporaryCertificates } from '../../../src/service/certificates/temporary.ts';
import { listen } from '../../../src/service/http-server.ts';
import type { Listening } from '../../../src/service/http-server.ts';
import { eventually } from '../../support/eventually.ts';

const NAME = 'lowtide-e2e-certificates';
const CLIENTS = 8;
/** Short enough for two rotations in half a minute; X.509 counts whole seconds. */
const TERMS = { authorityLife: millis(12_000), leafLife: millis(9_000), settle: millis(1_500) };

describe('certificates of our own on a real API server', () => {
  const patience = { signal: new AbortController().signal, silence: 20_000 };
  const replicas: { readonly certificates: SelfManagedCertificates; readonly server: Listening }[] = [];
  const steps: string[] = [];
  const troubles: unknown[] = [];
  const served = new Set<string>();
  let asked = 0;
  let cluster: TestCluster;
  let access: PooledKubeConfig;

  before(async function () {
    cluster = await openCluster({ scheduler: null });
    if (cluster.hostAddress === null) skipBecause(this, 'the cluster cannot reach this machine');
    access = loadCluster({ kind: 'file', path: cluster.kubeconfig });
    const created = await call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: NAME } } });
    assert.equal(created.status, 201);
    await register(['https://127.0.0.1:1']);
    await startReplica(cluster.hostAddress);
    await startReplica(cluster.hostAddress);
    await register(replicas.map(({ server }) => server.url));
  });

  after(async () => {
    await Promise.all(replicas.map(({ certificates }) => certificates.stop()));
    await unregisterWebhooks(access, [configuration([])], patience);
    await call({ method: 'DELETE', path: `/api/v1/namespaces/${NAME}` });
    await Promise.all(replicas.map(({ server }) => server.close(0)));
    await access.close();
    await cluster.stop();
  });

  const call = (request: Omit<ApiCall, 'patience'>): Promise<ApiAnswer> => apiCall(access, { ...request, patience });

  function configuration(urls: readonly string[]): object {
    const webhooks = urls.map((url, index) => ({
      name: `replica-${index}.lowtide.dev`,
      clientConfig: { service: { path: url } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAME } },
      failurePolicy: 'Fail',
      sideEffects: 'None',
      timeoutSeconds: 5,
      admissionReviewVersions: ['v1'],
    }));
    return { kind: 'MutatingWebhookConfiguration', metadata: { name: NAME }, webhooks };
  }

  /** With no bundle that would help: the upkeep must bring it. */
  async function register(urls: readonly string[]): Promise<void> {
    const { caBundle } = await temporaryCertificates({ dns: ['nobody'], ip: [] }, UPKEEP_TIMING.now());
    await registerWebhooks(access, { documents: [configuration(urls)], url: '', caBundle }, patience);
  }

  async function startReplica(host: string): Promise<void> {
    const store = clusterCertificates(access, { secret: { namespace: NAME, name: 'tls' }, webhooks: NAME });
    const certificates = new SelfManagedCertificates({
      store,
      terms: { ...TERMS, names: { dns: [], ip: [host] } },
      // The second is slow to notice what the first does.
      timing: { ...UPKEEP_TIMING, poll: millis(replicas.length === 0 ? 250 : 1_000) },
      observer: {
        onStep: (step) => steps.push(step),
        onRenewed: () => undefined,
        onRegistered: () => undefined,
        onTrouble: (error) => troubles.push(error),
      },
    });
    const tls = await certificates.start();
    const server = await listen({ address: { host: '127.0.0.1', port: 0 }, app: admit, tls });
    served.add(String(tls.cert));
    certificates.onRenewed((renewed) => {
      server.useCertificates(renewed);
      served.add(String(renewed.cert));
    });
    replicas.push({ certificates, server });
  }

  const admit: RequestListener = (request, response) => {
    void json(request).then((review) => {
      asked += 1;
      // Now and then, so that API servers have to shake hands anew with every certificate.
      if (asked % 5 === 0) response.setHeader('connection', 'close');
      const answer = { uid: member(member(review, 'request'), 'uid'), allowed: true };
      const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
  };

  it('are rotated twice, authority and all, without a failed request under load', async () => {
    const path = `/api/v1/namespaces/${NAME}/configmaps?dryRun=All`;
    const create = (name: string): Promise<ApiAnswer> => call({ method: 'POST', path, body: { metadata: { name } } });
    await eventually(async () => (await create('first')).status === 201, { within: 10_000 });
    steps.length = 0;
    const failed: unknown[] = [];
    let created = 0;
    const rotations = (): number => steps.filter((step) => step === 'forget').length;
    const end = performance.now() + 60_000;
    const client = async (_: unknown, index: number): Promise<void> => {
      while (rotations() < 2 && performance.now() < end) {
        const answer = await create(`client-${index}`);
        if (answer.status === 201) created += 1;
        else failed.push(answer.body);
      }
    };

    await Promise.all(Array.from({ length: CLIENTS }, client));

    assert.deepEqual(failed.slice(0, 3), []);
    assert.equal(rotations(), 2);
    assert.ok(created > 500, `${created} created`);
    assert.ok(asked >= created, `asked ${asked} times`);
    const issuers = new Set([...served].map((pem) => new X509Certificate(pem).issuer));
    assert.ok(issuers.size >= 3, `${issuers.size} authorities were in use`);
    assert.deepEqual(troubles, []);
  });
});
