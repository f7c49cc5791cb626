import type { Instant } from '../../../src/carbon/units.ts';
import type { Exchange } from '../../../src/sources/http/request.ts';
import type { GridApi } from '../../../test/support/grid-apis/grid-server.ts';

/** An exchange that asks the API in this process, at once, whatever time it is made to be. */
export function memoryExchange(api: GridApi, now: () => Instant, sent: (path: string) => void): Exchange {
  return ({ url, method = 'GET', headers = {}, body = '' }) => {
    sent(url.pathname);
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const moment = now();
    const answer = api({
      ...{ method, path: url.pathname, query: url.searchParams, headers: lower, body, data: null },
      now: moment,
      clock: moment,
    });
    return Promise.resolve({
      status: answer.status,
      contentType: answer.type ?? 'application/json',
      text: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? ''),
      retryAfter: null,
      clockSkew: null,
    });
  };
}
