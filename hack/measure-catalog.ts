/**
 * What the node catalogue costs: time to first sync and resident memory, with nodes served by another process.
 *   node hack/measure-catalog.ts all [nodes=5000] [kilobytes=10] [pageSize=100]
 * Compares our watch with client-node's informer, each in a process of its own. Basis of docs/adr/0002-node-watch.md.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeInformer, CoreV1Api } from '@kubernetes/client-node';
import { MutableNodeCatalog } from '../src/kubernetes/node-catalog.ts';
import { NodeWatch } from '../src/kubernetes/node-watch.ts';
import { PooledKubeConfig } from '../src/kubernetes/pooled-config.ts';
import { CLUSTER_TIMING } from '../src/kubernetes/watch-timing.ts';
import { FakeApiServer } from '../test/support/fake-api-server.ts';
import type { FakeObject } from '../test/support/fake-api-server.ts';

const [role = 'all', nodes = '5000', kilobytes = '10', pageSize = '100', url = ''] = process.argv.slice(2);

/** A Ready node whose images make up its size, as on real nodes. */
function largeNode(index: number, round: number): FakeObject {
  const image = (nth: number): object => ({
    names: [
      `registry.example/team-${nth}/service@sha256:${'ab'.repeat(32)}`,
      `registry.example/team-${nth}/service:1.${index}`,
    ],
    sizeBytes: 100_000_000 + nth,
  });
  return {
    metadata: {
      name: `node-${index}.eu.example`,
      labels: {
        'topology.kubernetes.io/region': `region-${index % 10}`,
        'kubernetes.io/os': 'linux',
        round: String(round),
      },
    },
    spec: { podCIDR: `10.0.${index % 256}.0/24` },
    status: {
      conditions: [{ type: 'Ready', status: 'True', message: 'kubelet is posting ready status' }],
      images: Array.from({ length: Number(kilobytes) * 5 }, (_, nth) => image(nth)),
    },
  };
}

async function serve(): Promise<void> {
  const server = await FakeApiServer.start();
  for (let index = 0; index < Number(nodes); index += 1) server.put(largeNode(index, 0));
  server.compact();
  process.on('message', () => {
    // A heartbeat of every node, as kubelets send every five minutes; in small portions, as they come.
    void heartbeats(server);
  });
  process.send?.(server.url);
}

async function heartbeats(server: FakeApiServer): Promise<void> {
  for (let index = 0; index < Number(nodes); index += 1) {
    server.put(largeNode(index, 1));
    if (index % 50 === 0) await sleep(5);
  }
  server.compact();
  process.send?.('beaten');
}

function access(): PooledKubeConfig {
  const config = new PooledKubeConfig();
  config.loadFromClusterAndUser({ name: 'fake', server: url, skipTLSVerify: true }, { name: 'nobody' });
  return config;
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

async function report(what: string, sync: () => Promise<() => number>): Promise<void> {
  const loaded = megabytes(process.memoryUsage().rss);
  const start = performance.now();
  const size = await sync();
  const ms = Math.round(performance.now() - start);
  const synced = megabytes(process.memoryUsage().rss);
  const cpu = process.cpuUsage();
  process.send?.('synced');
  await new Promise((resolve) => process.once('message', resolve));
  await sleep(500);
  const { user, system } = process.cpuUsage(cpu);
  const line = {
    what,
    nodes: size(),
    'sync ms': ms,
    'heartbeats: CPU ms': Math.round((user + system) / 1000),
    'RSS MB: client-node loaded': loaded,
    synced: synced,
    'after heartbeats': megabytes(process.memoryUsage().rss),
    peak: megabytes(process.resourceUsage().maxRSS * 1024),
  };
  console.log(JSON.stringify(line));
}

async function syncOurs(): Promise<() => number> {
  const catalog = new MutableNodeCatalog();
  const nothing = (): void => undefined;
  const watch = new NodeWatch({
    access: access(),
    catalog,
    observer: { onSynced: nothing, onConnected: nothing, onDisconnected: console.error },
    timing: { ...CLUSTER_TIMING, pageSize: Number(pageSize) },
  });
  await watch.start();
  return () => catalog.size;
}

async function syncInformer(): Promise<() => number> {
  const config = access();
  const core = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, '/api/v1/nodes', () => core.listNode());
  await informer.start();
  return () => informer.list().length;
}

async function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve));
}

async function measure(what: string): Promise<void> {
  const size = [nodes, kilobytes, pageSize];
  const server = fork(import.meta.filename, ['serve', ...size]);
  const address = String(await answer(server));
  const client = fork(import.meta.filename, [what, ...size, address]);
  await answer(client);
  await sleep(300);
  server.send('beat');
  await answer(server);
  client.send('report');
  await once(client, 'exit');
  server.kill();
}

if (role === 'serve') await serve();
else if (role === 'ours') await report(role, syncOurs).then(() => process.exit());
else if (role === 'informer') await report(role, syncInformer).then(() => process.exit());
else for (const what of ['ours', 'informer']) await measure(what);
