import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './program.ts';
import { ProgramError } from './program.ts';

const POLL_MILLIS = 50;
const ANSWER_MILLIS = 2000;
const LIMIT_MILLIS = 60_000;

/** A URL that answers 200 when what stands behind it is ready. */
export interface Probe {
  readonly url: string;
  readonly ca?: string;
  readonly token?: string;
}

/** Waits until every probe answers; a program that ends meanwhile, or takes too long, is an error with its log. */
export async function waitUntilReady(program: Program, probes: readonly Probe[]): Promise<void> {
  const limit = performance.now() + LIMIT_MILLIS;
  for (const probe of probes) {
    while (!(await answers(probe))) {
      const ending = program.ending();
      if (ending === null && performance.now() < limit) {
        await sleep(POLL_MILLIS);
        continue;
      }
      await program.kill();
      throw new ProgramError(program, ending ?? `was not ready after ${LIMIT_MILLIS / 1000} s (${probe.url})`);
    }
  }
}

function answers({ url, ca, token }: Probe): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      ...(ca === undefined ? {} : { ca }),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      agent: false,
      timeout: ANSWER_MILLIS,
    };
    const request = url.startsWith('https:') ? httpsRequest(url, options) : httpRequest(url, options);
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('close', () => {
      resolve(false);
    });
    request.on('error', () => {
      resolve(false);
    });
    request.end();
  });
}
