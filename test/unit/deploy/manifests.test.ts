import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import type { KubeObject } from './shipped.ts';
import { DEPLOY, mountedFiles, readKustomization, shippedObjects, theDeployment, theOne } from './shipped.ts';

const CONFIG = join(DEPLOY, '..', 'config');
/** Of src/cli/serve/run.ts, for each of two listeners. */
const REQUESTS_IN_FLIGHT_SECONDS = 5;

describe('the manifests in deploy/', () => {
  let objects: readonly KubeObject[];
  before(async () => {
    objects = await shippedObjects();
  });

  it('are all named in the kustomization', async () => {
    const { resources, configMapGenerator } = await readKustomization();
    const there = (await readdir(DEPLOY)).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');

    assert.deepEqual([...resources, ...configMapGenerator.flatMap(({ files }) => files)].sort(), there.sort());
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
    const service = theOne(objects, 'Service');
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
    const want = ports.map(({ name, containerPort }) => ({ name, port: containerPort, targetPort: name }));
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

    assert.deepEqual(selecting.parse(theOne(objects, 'Service')['spec']).selector, labels);
    for (const kind of ['Deployment', 'PodDisruptionBudget']) {
      assert.deepEqual(selecting.parse(theOne(objects, kind)['spec']).selector, { matchLabels: labels }, kind);
    }
  });

  it('leave time at the end for preStop and for the requests in flight of both listeners', () => {
    const { terminationGracePeriodSeconds, containers } = theDeployment(objects).spec.template.spec;
    const { seconds } = containers[0].lifecycle.preStop.sleep;

    assert.ok(terminationGracePeriodSeconds > seconds + 2 * REQUESTS_IN_FLIGHT_SECONDS);
  });

  it('give the service account the reading of nodes, and nothing else', () => {
    const account = { kind: 'ServiceAccount', ...theOne(objects, 'ServiceAccount').metadata };
    const binding = theOne(objects, 'ClusterRoleBinding');

    const rules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] }];
    assert.deepEqual(theOne(objects, 'ClusterRole')['rules'], rules);
    const { kind, name, namespace } = account;
    assert.deepEqual(binding['subjects'], [{ kind, name, namespace }]);
    assert.equal(theDeployment(objects).spec.template.spec.serviceAccountName, name);
  });
});
