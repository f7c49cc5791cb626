import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { region } from '../../../src/carbon/units.ts';
import { KubernetesError } from '../../../src/kubernetes/errors.ts';
import { readNodesFile } from '../../../src/kubernetes/nodes-file.ts';
import { nodeObject } from './node-objects.ts';

const node = (name: string): object => ({ kind: 'Node', apiVersion: 'v1', ...nodeObject(name) });

describe('readNodesFile', () => {
  let folder: string;
  const file = async (content: unknown): Promise<string> => {
    const path = join(folder, 'nodes.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-nodes-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('reads the List that kubectl prints', async () => {
    const path = await file({ kind: 'List', apiVersion: 'v1', items: [node('a'), node('b')] });

    const { catalog, ignored } = await readNodesFile(path);

    assert.equal(catalog.size, 2);
    assert.equal(ignored, 0);
    assert.deepEqual(catalog.capacityOf(region('eu-west-1')), { nodes: 2, available: 2 });
  });

  it('reads the NodeList of the API server, whose entries name no kind', async () => {
    const { catalog } = await readNodesFile(await file({ kind: 'NodeList', items: [nodeObject('a')] }));

    assert.equal(catalog.regionOf('a'), 'eu-west-1');
  });

  it('reads the region from the label it is told', async () => {
    const path = await file({ kind: 'NodeList', items: [nodeObject('a')] });

    const { catalog } = await readNodesFile(path, 'kubernetes.io/hostname');

    assert.equal(catalog.regionOf('a'), 'a');
  });

  it('leaves out, and counts, what is no node', async () => {
    const items = [node('a'), { kind: 'Pod', metadata: { name: 'p' } }, null, { kind: 'Node', metadata: {} }];

    const { catalog, ignored } = await readNodesFile(await file({ kind: 'List', items }));

    assert.equal(catalog.size, 1);
    assert.equal(ignored, 3);
  });

  const invalid: Record<string, { content: unknown; says: RegExp }> = {
    'is not JSON': { content: 'kind: List\nitems: []', says: /not JSON; write it with: kubectl get nodes -o json$/ },
    'is empty': { content: '', says: /not JSON/ },
    'is of another kind': { content: { kind: 'PodList', items: [] }, says: /kind PodList where List or NodeList/ },
    'is a JSON null': { content: 'null', says: /no kind where List or NodeList/ },
    'has no items': { content: { kind: 'List' }, says: /no items/ },
    'holds no nodes': { content: { kind: 'List', items: [{ kind: 'Pod' }] }, says: /no nodes among its 1 entries/ },
  };
  for (const [what, { content, says }] of Object.entries(invalid)) {
    it(`refuses a file that ${what}`, async () => {
      const path = await file(content);

      await assert.rejects(readNodesFile(path), (error) => {
        assert.ok(error instanceof KubernetesError);
        assert.equal(error.code, 'nodes-file-invalid');
        assert.match(error.message, says);
        return error.message.includes(path);
      });
    });
  }

  it('says which file is missing, and what to do', async () => {
    const path = join(folder, 'absent.json');

    await assert.rejects(readNodesFile(path), {
      code: 'nodes-file-unreadable',
      message: /absent\.json.*ENOENT.*--nodes/,
    });
  });
});
