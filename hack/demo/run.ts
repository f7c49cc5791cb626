/**
 * The whole story on a real control plane: work that waits, is let go when the grid turns, and runs where it may.
 * node hack/demo/run.ts [--trace FILE] [--start TIME] [--nodes SPEC]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { region } from '../../src/carbon/units.ts';
import type { Region } from '../../src/carbon/units.ts';
import { ApiClient } from '../cluster/api.ts';
import { openCluster } from '../cluster/open.ts';
import { parseNodeSpec } from '../cluster/node-spec.ts';
import type { TestCluster } from '../cluster/types.ts';
import { Workloads } from '../cluster/workloads.ts';
import { freePort } from '../controlplane/ports.ts';
import { startLowtide } from '../lowtide/process.ts';
import type { LowtideProcess } from '../lowtide/process.ts';
import { ENFORCED_NAMESPACE, letUserWork, tryToSlipThrough } from './enforced.ts';
import { Grid, gridLine } from './grid.ts';
import { compare, distinct } from './journey.ts';
import { showHeld } from './kubectl.ts';
import { heading, paragraph, say } from './page.ts';
import { rulesFrom } from './rules.ts';
import type { Rules } from './rules.ts';
import { Sightings } from './sightings.ts';
import { Story } from './story.ts';
import { ENFORCED, manifestOf, NAMESPACE, pathOf, REPEATED, WORKS } from './works.ts';

const CONFIG = join(import.meta.dirname, '..', '..', 'config');
/** Another grid and other nodes may be named: `make demo ARGS="--trace FILE --start TIME --nodes SPEC"`. */
const { values } = parseArgs({
  options: { trace: { type: 'string' }, start: { type: 'string' }, nodes: { type: 'string' } },
});
/** An evening with little wind and no sun; towards midnight the wind comes up in Germany. */
const SHIPPED = {
  trace: join(CONFIG, 'traces', 'grid-28d.csv'),
  start: '2026-03-03T16:00:00Z',
  nodes: 'eu-central-1=4,eu-west-1=4,eu-south-2=4,us-east-1=4,ap-southeast-2=4',
};
const options = { ...SHIPPED, ...values };
const START = Date.parse(options.start);
if (Number.isNaN(START)) throw new Error(`--start ${options.start}: expected a time such as 2026-03-03T16:00:00Z`);
/** An hour of the grid passes in four seconds. */
const SPEED = 900;
/** The longest delay, shortened, and some time for what follows a release. */
const PATIENCE_MS = 70_000;

async function main(): Promise<void> {
  const began = performance.now();
  heading('Lowtide: work that can wait waits for clean power, and runs where it may and where it is cleanest.');
  say('starting a control plane (the first time it is built from source, about four minutes) …');
  const cluster = await openCluster({ nodes: options.nodes });
  const client = await ApiClient.fromKubeconfig(cluster.kubeconfig);
  try {
    const rules = await rulesFrom(join(CONFIG, 'policy.yaml'), SPEED);
    await prepare(client);
    const lowtide = await start(cluster, rules);
    await untilAsked(client);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(`ready after ${seconds} s: API server, controllers, kube-scheduler as it comes, lowtide serve --webhook-url`);
    say(`nodes: ${options.nodes}`);
    say(`An hour on the grid passes in ${3_600 / SPEED} s, and the policy's delays are shortened alike: 12h are 48s.`);
    const held = await play(client, lowtide, rules);
    await lowtide.stop();
    if (cluster.control === null) await removeNamespaces(client);
    process.exitCode = held ? 0 : 1;
  } finally {
    client.close();
    await cluster.stop();
  }
}

/** Both namespaces are there before Lowtide is: nothing it must first learn of stands in the way. */
async function prepare(client: ApiClient): Promise<void> {
  await Workloads.in(client, NAMESPACE);
  await client.call({ method: 'POST', path: '/api/v1/namespaces', body: ENFORCED_NAMESPACE });
  await Workloads.in(client, ENFORCED);
  await letUserWork(client);
}

async function start(cluster: TestCluster, { document }: Rules): Promise<LowtideProcess> {
  const policy = join(cluster.stateDir, 'policy.yaml');
  // JSON is YAML.
  await writeFile(policy, JSON.stringify(document));
  const { hostAddress, control } = cluster;
  if (hostAddress === null) throw new Error('the API server must reach this machine: set E2E_HOST_ADDRESS');
  const port = await freePort();
  return startLowtide(join(cluster.stateDir, 'lowtide.log'), [
    ...['--kubeconfig', cluster.kubeconfig, '--policy', policy],
    ...['--trace', options.trace, '--trace-speed', String(SPEED), '--trace-start', new Date(START).toISOString()],
    ...['--admission', `${control === null ? '0.0.0.0' : hostAddress}:${port}`],
    ...['--webhook-url', `https://${hostAddress}:${port}`],
  ]);
}

/** An API server hears of new webhooks a moment later. */
async function untilAsked(client: ApiClient): Promise<void> {
  const [work] = WORKS;
  if (work === undefined) return;
  const wrong = { ...work, words: { class: 'no-such-class' } };
  const path = `${pathOf(wrong)}?dryRun=All`;
  while ((await client.call({ method: 'POST', path, body: manifestOf(wrong) })).status === 201) await sleep(50);
}

async function play(client: ApiClient, lowtide: LowtideProcess, rules: Rules): Promise<boolean> {
  const regions = regionsOf(options.nodes);
  const grid = await Grid.of({ lowtide, policy: rules.policy, regions, start: START, speed: SPEED });
  const sightings = new Sightings(client, [NAMESPACE, ENFORCED]);
  const known = Object.keys(values).length === 0;
  const story = new Story({ client, grid, rules, sightings, regions, known });
  try {
    const now = Date.now();
    heading(`${grid.time(now)} on the grid, ${grid.day(now)}, gCO2eq/kWh: ${gridLine(await grid.now())}`);
    for (const work of WORKS) await story.create(work);
    await story.again();
    say();
    await showHeld(client, [NAMESPACE, ENFORCED]);
    heading(`Residency is enforced in namespace ${ENFORCED}; an ordinary user tries to slip through:`);
    if (!(await attempts(client))) story.failures.push('not every way around the rules was refused');
    await story.followReleases(PATIENCE_MS);
  } finally {
    await sightings.close();
  }
  return conclude(story);
}

async function attempts(client: ApiClient): Promise<boolean> {
  const held = WORKS.find(({ namespace }) => namespace === ENFORCED);
  const { body } = await client.call({ method: 'GET', path: '/api/v1/nodes?labelSelector=type%3Dkwok' });
  const { items } = JSON.parse(body) as { items: { metadata: { name: string } }[] };
  const abroad = items.find(({ metadata }) => !metadata.name.includes('eu-'));
  if (held === undefined || abroad === undefined) throw new Error('--nodes: the story needs a node outside the EU');
  return tryToSlipThrough(client, held, abroad.metadata.name);
}

function conclude({ journeys, failures }: Story): boolean {
  heading('With Lowtide, and without');
  compare(journeys);
  const again = journeys.filter(({ work }) => work.name.startsWith(REPEATED.name)).map(({ ran }) => distinct(ran));
  say(`  pod/${REPEATED.name}, the same specification each time: ${again.join(' → ')}`);
  say();
  paragraph(
    'without: the intensity when it was created, as a mean over the regions that are permitted and have nodes; where ' +
      'kube-scheduler alone would have put it nobody knows. with: the intensity when it was let go, where it ran. ' +
      'These are intensities, gCO2eq/kWh, of a made-up grid. How many grams that is depends on the energy the work ' +
      'takes, which nobody has measured here: none are claimed.',
  );
  say();
  for (const failure of failures) paragraph(`NOT AS IT SHOULD BE: ${failure}`);
  const held = failures.length === 0;
  say(held ? 'Held, released, placed: everything in time, and only where it may run.' : 'The story did not hold.');
  return held;
}

function regionsOf(spec: string): readonly Region[] {
  return parseNodeSpec(spec).flatMap((group) => (group.region === null ? [] : [region(group.region)]));
}

async function removeNamespaces(client: ApiClient): Promise<void> {
  for (const name of [NAMESPACE, ENFORCED]) {
    await client.call({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
  }
}

await main();
