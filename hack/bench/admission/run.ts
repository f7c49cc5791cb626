/**
 * What the admission webhook costs the creation of pods: eight clients create pods of both kinds, with Lowtide's
 * webhooks registered, with a webhook that looks at nothing in its place, and without any, in turn. No scheduler and no
 * KWOK run.
 * node hack/bench/admission/run.ts [--pods 2000] [--pairs 5] [--clients 8] [--gatekeeper] [--json FILE]
 */
import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiClient } from '../../cluster/api.ts';
import { openCluster } from '../../cluster/open.ts';
import type { TestCluster } from '../../cluster/types.ts';
import { Workloads } from '../../cluster/workloads.ts';
import { freePort } from '../../controlplane/ports.ts';
import { startLowtide } from '../../lowtide/process.ts';
import type { LowtideProcess } from '../../lowtide/process.ts';
import { wholeNumber } from '../flags.ts';
import { DEFERRABLE, DIRTY, plainPod, writeHoldingWorld } from '../holding-world.ts';
import { memoryOf, memoryText } from '../process-use.ts';
import { quantileBetween, Samples } from '../../lowtide/samples.ts';
import { quantile, ratioOf, spanText } from '../statistics.ts';
import { Registrations } from './registrations.ts';
import { patchFor, timeReviews } from './reviews.ts';
import { Rounds } from './rounds.ts';
import type { RoundResult, SetUp } from './rounds.ts';
import { startFixed } from './webhook.ts';
import type { Webhook } from './webhook.ts';

const { values: options } = parseArgs({
  options: {
    /** A round's. */
    pods: { type: 'string', default: '2000' },
    pairs: { type: 'string', default: '5' },
    clients: { type: 'string', default: '8' },
    /** The same process watches what is held and writes an Event for each pod, as the leader does. */
    gatekeeper: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const NAMESPACE = 'bench';
const REVIEWS = 2_000;
const DURATION = 'lowtide_admission_duration_seconds';

const SET_UPS: readonly SetUp[] = [
  { name: 'affected, no webhook', pods: 'affected', webhook: 'none' },
  { name: 'affected, fixed webhook', pods: 'affected', webhook: 'fixed' },
  { name: 'affected, lowtide', pods: 'affected', webhook: 'lowtide' },
  { name: 'unaffected, lowtide', pods: 'unaffected', webhook: 'lowtide' },
  { name: 'unaffected, no webhook', pods: 'unaffected', webhook: 'none' },
];
/** What is set against what, and what was hoped for. */
const RATIOS = [
  ['affected, lowtide', 'affected, no webhook', ' (goal 0.9)'],
  ['affected, fixed webhook', 'affected, no webhook', ' (what any webhook costs)'],
  ['affected, lowtide', 'affected, fixed webhook', ''],
  ['unaffected, lowtide', 'unaffected, no webhook', ' (goal 0.98)'],
] as const;

async function main(): Promise<void> {
  const cluster = await openCluster({ scheduler: null });
  const client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  try {
    if (cluster.control === null) throw new Error('this benchmark stops KWOK: run it with E2E_CLUSTER=own');
    await cluster.control.stopKwok();
    await Workloads.in(client, NAMESPACE);
    const lowtide = await start(cluster);
    await measure(client, lowtide);
    await lowtide.stop();
  } finally {
    client.close();
    await cluster.stop();
  }
}

/** The grid is dirty throughout: every pod that asks for it is held, the longest way through admission. */
async function start({ kubeconfig, stateDir }: TestCluster): Promise<LowtideProcess> {
  const { policy } = await writeHoldingWorld(stateDir);
  const config = join(stateDir, 'config.yaml');
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({ sources: [{ static: { values: DIRTY } }], gatekeeper: { enabled: options.gatekeeper } }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const admission = ['--admission', address, '--webhook-url', `https://${address}`];
  const args = ['--kubeconfig', kubeconfig, '--policy', policy, '--config', config, ...admission];
  return startLowtide(join(stateDir, 'lowtide.log'), args);
}

async function measure(client: ApiClient, lowtide: LowtideProcess): Promise<void> {
  const registrations = await Registrations.read(client);
  console.log(`load average ${(loadavg()[0] ?? NaN).toFixed(1)}; registered: ${registrations.names.join(', ')}`);
  const [pods, clients] = [wholeNumber('pods', options.pods), wholeNumber('clients', options.clients)];
  const ours: Webhook = { url: lowtide.admission, ca: registrations.ca, pid: lowtide.pid };
  const fixed = await startFixed(await patchFor(ours, plainPod('review', DEFERRABLE)));
  const webhooks = { lowtide: ours, fixed };
  const rounds = new Rounds({ client, namespace: NAMESPACE, webhooks, registrations, pods, clients });
  // Once through, uncounted: the API server and the webhooks warm up.
  for (const setUp of SET_UPS) await rounds.run(setUp);
  const before = (await Samples.of(lowtide.operations)).buckets(DURATION);
  const results = await interleaved(rounds);
  const after = (await Samples.of(lowtide.operations)).buckets(DURATION);
  await fixed.stop();
  const calls = (after.get(Infinity) ?? NaN) - (before.get(Infinity) ?? 0);
  console.log(`calls of lowtide a pod: ${(calls / (pods * Number(options.pairs))).toFixed(2)} (probes among them)`);
  const [p50, p99] = [0.5, 0.99].map((q) => quantileBetween(before, after, q) * 1000);
  console.log(
    `within lowtide, under that load: p50 ${ms(p50)}, p99 ${ms(p99)} (${DURATION}, straight within a bucket)`,
  );
  const times = await timeReviews(ours, plainPod('review', DEFERRABLE), REVIEWS);
  console.log(`reviews one after the other, over TLS: p50 ${ms(times.p50)}, p99 ${ms(times.p99)}`);
  console.log(`lowtide: ${memoryText(await memoryOf(lowtide.pid))}`);
  await report(results);
}

async function interleaved(rounds: Rounds): Promise<ReadonlyMap<string, readonly RoundResult[]>> {
  const results = new Map<string, RoundResult[]>(SET_UPS.map(({ name }) => [name, []]));
  for (let pair = 1; pair <= wholeNumber('pairs', options.pairs); pair += 1) {
    // Turned about, so that no set-up always comes first.
    for (const setUp of pair % 2 === 1 ? SET_UPS : SET_UPS.toReversed()) {
      const result = await rounds.run(setUp);
      results.get(setUp.name)?.push(result);
      const { rate, processorMs } = result;
      const used = processorMs === null ? '' : `, ${processorMs.toFixed(2)} ms of the webhook's processor time a pod`;
      console.log(`pair ${pair}: ${setUp.name.padEnd(23)} ${rate.toFixed(0)} pods/s${used}`);
    }
  }
  return results;
}

async function report(results: ReadonlyMap<string, readonly RoundResult[]>): Promise<void> {
  const rates = (name: string): readonly number[] => (results.get(name) ?? []).map(({ rate }) => rate);
  for (const [above, below, note] of RATIOS) {
    console.log(`${above} / ${below}: ${spanText(ratioOf(rates(above), rates(below)))}${note}`);
  }
  for (const name of ['affected, lowtide', 'affected, fixed webhook', 'unaffected, lowtide']) {
    const used = (results.get(name) ?? []).map(({ processorMs }) => processorMs ?? NaN);
    console.log(`${name}: ${ms(quantile(used, 0.5))} of the webhook's processor time a pod (median)`);
  }
  if (options.json !== undefined) {
    await writeFile(options.json, JSON.stringify(Object.fromEntries(results), null, 2));
  }
}

function ms(value = NaN): string {
  return `${value.toFixed(2)} ms`;
}

await main();
