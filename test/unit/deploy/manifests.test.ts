import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { serveOptions } from '../../../src/cli/serve/options.ts';
import type { KubeObject } from './shipped.ts';
import { DEPLOY, mountedFiles, readKustomization, shippedObjects, theDeployment, theOne } from './shipped.ts';

const CONFIG = join(DEPLOY, '..', 'config');
/** Of src/cli/serve/listeners.ts, for each of three listeners, and of the gatekeeper's Events. */
const REQUESTS_IN_FLIGHT_SECONDS = 5;

describe('the manifests in deploy/', () => {
  let objects: readonly KubeObject[];
  before(async () => {
    objects = await shippedObjects();
  });

  it('are all named in the kustomization', async () => {
    const { resources, configMapGenerator } = await readKustomization();
    const there = (await readdir(DEPLOY)).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');

    const named = [...resources, ...configMapGenerator.flatMap(({ files }) => files)];
    assert.deepEqual(named.filter((name) => name.endsWith('.yaml')).sort(), there.sort());
  });

  it('hold the policy that ships, to the byte (kustomize reads nothing above its folder)', async () => {
    const [copy, shipped] = await Promise.all([DEPLOY, CONFIG].map((at) => readFile(join(at, 'policy.yaml'), 'utf8')));

    assert.equal(copy, shipped, 'cp config/policy.yaml deploy/policy.yaml');
  });

  it('mount every file that the arguments name', () => {
    const { args } = theDeployment(objects).spec.template.spec.containers[0];

    const files = args.filter((arg) => arg.startsWith('/'));
    assert.deepEqual([...mountedFiles(objects).keys()].sort(), files.sort());
  });

  it('name one port everywhere: argument, container, Service, the shipped scheduler configuration', async () => {
    const { args, ports } = theDeployment(objects).spec.template.spec.containers[0];
    const service = theOne(objects, 'Service', 'lowtide-extender');
    const served = z
      .object({ ports: z.array(z.object({ name: z.string(), port: z.number(), targetPort: z.string() })) })
      .loose()
      .parse(service['spec']);
    const tls = z
      .looseObject({ extenders: z.tuple([z.looseObject({ urlPrefix: z.string() })]) })
      .parse(load(await readFile(join(CONFIG, 'scheduler', 'tls.yaml'), 'utf8')));

    for (const { name, containerPort } of ports) {
      assert.equal(args[args.indexOf(`--${name}`) + 1], `0.0.0.0:${containerPort}`);
    }
    const want = ports
      .filter(({ name }) => name !== 'admission')
      .map(({ name, containerPort }) => ({ name, port: containerPort, targetPort: name }));
    assert.deepEqual(served.ports, want);
    const { name, namespace = '' } = service.metadata;
    const extender = ports.find((port) => port.name === 'extender')?.containerPort ?? 0;
    assert.equal(new URL(tls.extenders[0].urlPrefix).host, `${name}.${namespace}.svc:${extender}`);
  });

  it('hold the addresses where control-plane/ replaces them', async () => {
    const { args } = theDeployment(objects).spec.template.spec.containers[0];
    const file = await readFile(join(DEPLOY, 'control-plane', 'daemon-set.yaml'), 'utf8');
    const operations = z.array(z.object({ path: z.string(), value: z.string().optional() })).parse(load(file));

    const replaced = operations.flatMap(({ path, value }) => {
      const at = /\/args\/(\d+)$/.exec(path)?.[1];
      return at === undefined ? [] : [[args[Number(at) - 1], value]];
    });

    assert.deepEqual(replaced, [
      ['--extender', '127.0.0.1:9480'],
      ['--operations', '127.0.0.1:9481'],
    ]);
  });

  it('select the pods of the Deployment, by Service and disruption budget alike', () => {
    const labels = theDeployment(objects).spec.template.metadata.labels;
    const selecting = z.looseObject({ selector: z.looseObject({}) });

    for (const name of ['lowtide-extender', 'lowtide-admission']) {
      assert.deepEqual(selecting.parse(theOne(objects, 'Service', name)['spec']).selector, labels, name);
    }
    for (const kind of ['Deployment', 'PodDisruptionBudget']) {
      assert.deepEqual(selecting.parse(theOne(objects, kind)['spec']).selector, { matchLabels: labels }, kind);
    }
  });

  it('leave time at the end for preStop and for the requests in flight of all listeners', () => {
    const { terminationGracePeriodSeconds, containers } = theDeployment(objects).spec.template.spec;
    const { seconds } = containers[0].lifecycle.preStop.sleep;

    assert.ok(terminationGracePeriodSeconds > seconds + 4 * REQUESTS_IN_FLIGHT_SECONDS);
  });

  it('name the Service, its certificate and the webhooks as the service does by default', async () => {
    const { admission } = await serveOptions({ config: join(DEPLOY, 'config.yaml') });
    const { service, webhooks, secret } = admission.selfManaged ?? {};

    theOne(objects, 'Service', service);
    for (const kind of ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']) {
      const reference = { service: z.object({ name: z.literal(service), namespace: z.literal('lowtide') }).loose() };
      const each = z.looseObject({ clientConfig: z.strictObject(reference) });
      z.array(each).parse(theOne(objects, kind, webhooks)['webhooks']);
    }
    assert.deepEqual(allowed(objects, 'Role', 'lowtide').get('secrets'), ['create', 'get', 'patch']);
    assert.ok(JSON.stringify(theOne(objects, 'Role', 'lowtide')).includes(`"resourceNames":["${secret}"]`));
  });

  it('let it share the signal by ConfigMaps of its own namespace alone', () => {
    const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

    assert.deepEqual(allowed(objects, 'Role', 'lowtide').get('configmaps'), verbs);
    assert.deepEqual(allowed(objects, 'Role', 'lowtide').get('leases'), ['get', 'create', 'update']);
  });

  it('give the service account what it does, and nothing else', () => {
    const { kind, metadata } = theOne(objects, 'ServiceAccount', 'lowtide');
    const bound = theOne(objects, 'ClusterRoleBinding', 'lowtide');
    const watching = ['get', 'list', 'watch'];

    assert.deepEqual(Object.fromEntries(allowed(objects, 'ClusterRole', 'lowtide')), {
      nodes: watching,
      namespaces: watching,
      persistentvolumes: watching,
      persistentvolumeclaims: watching,
      cronjobs: watching,
      deployments: watching,
      pods: [...watching, 'patch'],
      jobs: [...watching, 'patch'],
      events: ['create'],
      mutatingwebhookconfigurations: ['get', 'patch'],
      validatingwebhookconfigurations: ['get', 'patch'],
    });
    assert.deepEqual(bound['subjects'], [{ kind, name: metadata.name, namespace: metadata.namespace }]);
    assert.equal(theDeployment(objects).spec.template.spec.serviceAccountName, metadata.name);
  });
});

/** Verbs by resource that a role allows. */
function allowed(objects: readonly KubeObject[], kind: string, name: string): ReadonlyMap<string, string[]> {
  const rule = z.looseObject({ resources: z.array(z.string()), verbs: z.array(z.string()) });
  const rules = z.array(rule).parse(theOne(objects, kind, name)['rules']);
  const verbs = new Map<string, string[]>();
  for (const { resources, verbs: more } of rules) {
    for (const resource of resources) verbs.set(resource, [...(verbs.get(resource) ?? []), ...more]);
  }
  return verbs;
}
