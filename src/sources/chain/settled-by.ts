/**
 * What the promise gives, or a rejection as soon as the signal aborts, whether the work behind it heeds the signal or not.
 * @throws the signal's reason, or whatever the promise throws.
 */
export async function settledBy<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(signal.reason as Error);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    // Whichever lost must not end the process.
    promise.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}
