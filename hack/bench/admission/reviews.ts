import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { quantile } from '../statistics.ts';
import type { Times } from '../statistics.ts';
import type { Webhook } from './webhook.ts';

const PODS = '/admission/v1/pods?timeout=5s';
const WARM_UP = 300;

type Address = Pick<Webhook, 'url' | 'ca'>;

/** The patch that the webhook answers for a new pod, base64. */
export async function patchFor({ url, ca }: Address, pod: object): Promise<string> {
  const agent = new Agent({ ca });
  const patch = await post(`${url}${PODS}`, JSON.stringify(review(pod, 0)), agent);
  agent.destroy();
  return patch;
}

/** Times reviews of one pod posted one after the other on one connection, in milliseconds. */
export async function timeReviews({ url, ca }: Address, pod: object, count: number): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
  const times: number[] = [];
  for (let index = 0; index < WARM_UP + count; index += 1) {
    const body = JSON.stringify(review(pod, index));
    const began = performance.now();
    await post(`${url}${PODS}`, body, agent);
    if (index >= WARM_UP) times.push(performance.now() - began);
  }
  agent.destroy();
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function post(url: string, body: string, agent: Agent): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const outgoing = request(url, { method: 'POST', agent, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const answer = await text(response);
  const { response: verdict } = JSON.parse(answer) as { response?: { allowed?: boolean; patch?: string } };
  if (verdict?.allowed !== true || verdict.patch === undefined) throw new Error(`no patch: ${answer.slice(0, 300)}`);
  return verdict.patch;
}

/** As the API server sends it. */
function review(pod: object, index: number): object {
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  const resource = { group: '', version: 'v1', resource: 'pods' };
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      ...{ kind, resource, requestKind: kind, requestResource: resource },
      namespace: 'bench',
      operation: 'CREATE',
      userInfo: { username: 'bench', groups: ['system:authenticated'] },
      object: pod,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  };
}
