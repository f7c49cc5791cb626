import { setTimeout as sleep } from 'node:timers/promises';

const EVERY = 5;

/** Waits until the check passes: it returns anything but false, and throws nothing. Else fails with its last reason. */
export async function eventually(check: () => unknown, { within = 2000 }: { within?: number } = {}): Promise<void> {
  const deadline = performance.now() + within;
  for (;;) {
    const reason = await reasonAgainst(check);
    if (reason === null) return;
    if (performance.now() > deadline) throw new Error(`not within ${within} ms: ${reason.message}`, { cause: reason });
    await sleep(EVERY);
  }
}

async function reasonAgainst(check: () => unknown): Promise<Error | null> {
  try {
    return (await check()) === false ? new Error(check.toString()) : null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
