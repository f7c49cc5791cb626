import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { z } from 'zod';

/** The folder of the manifests. */
export const DEPLOY = join(import.meta.dirname, '..', '..', '..', 'deploy');

const kubeObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
/** Any object of the cluster. */
export type KubeObject = z.infer<typeof kubeObject>;

const folder = z.looseObject({ resources: z.array(z.string()) });
const kustomization = folder.extend({
  configMapGenerator: z.array(z.looseObject({ name: z.string(), namespace: z.string(), files: z.array(z.string()) })),
});
const named = z.object({ name: z.string() });
const container = z.looseObject({
  args: z.array(z.string()),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.literal(true) })),
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
});
const deployment = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        terminationGracePeriodSeconds: z.number(),
        volumes: z.array(z.object({ name: z.string(), configMap: named.optional() })),
        containers: z.tuple([container]),
      }),
    }),
  }),
});

/** What deploy/kustomization.yaml names, as it is. */
export async function readKustomization(): Promise<z.infer<typeof kustomization>> {
  return kustomization.parse(load(await text('kustomization.yaml')));
}

/**
 * The objects that `kubectl kustomize deploy` prints, but for the hash in the name of a generated ConfigMap; so that no
 * test needs kubectl. A generator without plain files, patches and the like are not read.
 */
export async function shippedObjects(): Promise<readonly KubeObject[]> {
  const { configMapGenerator } = await readKustomization();
  const documents = await resourcesOf('.');
  const maps = configMapGenerator.map(async ({ name, namespace, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: Object.fromEntries(await Promise.all(files.map(async (file) => [basename(file), await text(file)] as const))),
  }));
  return [...documents, ...(await Promise.all(maps))].map((object) => kubeObject.parse(object));
}

/** The objects of a folder's kustomization, those of the folders that it names among them. */
async function resourcesOf(path: string): Promise<readonly unknown[]> {
  const { resources } = folder.parse(load(await text(join(path, 'kustomization.yaml'))));
  const objects = resources.map(async (name) => {
    const place = join(path, name);
    return name.endsWith('.yaml') ? loadAll(await text(place)) : resourcesOf(place);
  });
  return (await Promise.all(objects)).flat();
}

/** The only object of its kind and, where given, name. */
export function theOne(objects: readonly KubeObject[], kind: string, name?: string): KubeObject {
  const found = objects.filter(
    (object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name,
  );
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} objects are ${kind} ${name ?? ''}`);
  return first;
}

/** The Deployment, as far as tests look into it. */
export function theDeployment(objects: readonly KubeObject[]): z.infer<typeof deployment> {
  return deployment.parse(theOne(objects, 'Deployment'));
}

/** The files that its container sees, by path. */
export function mountedFiles(objects: readonly KubeObject[]): ReadonlyMap<string, string> {
  const { containers, volumes } = theDeployment(objects).spec.template.spec;
  const data = z.looseObject({ data: z.record(z.string(), z.string()) });
  const entries = containers[0].volumeMounts.flatMap(({ name, mountPath }) => {
    const source = volumes.find((volume) => volume.name === name)?.configMap?.name;
    if (source === undefined) return [];
    const files = data.parse(theOne(objects, 'ConfigMap', source)).data;
    return Object.entries(files).map(([file, content]) => [`${mountPath}/${file}`, content] as const);
  });
  return new Map(entries);
}

function text(file: string): Promise<string> {
  return readFile(join(DEPLOY, file), 'utf8');
}
