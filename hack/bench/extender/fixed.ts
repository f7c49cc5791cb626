/**
 * The limit: a node:http server that reads the body and answers ready bytes, for 5,000 names unless told otherwise.
 * fixed.ts [COUNT | FILE with a JSON list of names]
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeNames } from './world.ts';

const asked = process.argv[2] ?? '5000';
const names = /^\d+$/.test(asked)
  ? nodeNames(Number(asked))
  : (JSON.parse(readFileSync(asked, 'utf8')) as readonly string[]);
const answers: Readonly<Record<string, Buffer>> = {
  '/extender/v1/filter': json({
    Nodes: null,
    NodeNames: names,
    FailedNodes: {},
    FailedAndUnresolvableNodes: {},
    Error: '',
  }),
  '/extender/v1/prioritize': json(names.map((Host, index) => ({ Host, Score: index % 10 }))),
};

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = answers[request.url ?? ''] ?? json({ received: Buffer.concat(chunks).length });
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', answer.length);
    response.end(answer);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('SIGTERM', () => process.exit(0));
