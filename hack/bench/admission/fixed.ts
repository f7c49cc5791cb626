/**
 * The limit: a webhook that looks at nothing, and answers every review with one ready patch.
 * node hack/bench/admission/fixed.ts PATCH, with certificate and key on standard input as JSON.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

const UID = /"uid":"([^"]+)"/;
const patch = process.argv[2] ?? '';
const { cert, key } = (await json(process.stdin)) as { cert: string; key: string };

function answer(review: string): string {
  const uid = UID.exec(review)?.[1] ?? '';
  const response = { uid, allowed: true, patchType: 'JSONPatch', patch };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response });
}

const server = createServer({ cert, key }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = answer(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`ready https://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('SIGTERM', () => process.exit(0));
