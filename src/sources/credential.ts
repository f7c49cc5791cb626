import { ProviderFailure } from './failure.ts';

/** Gives a credential when it is needed: its file is read anew, so that a rotation works. */
export type Secret = () => Promise<string>;

/**
 * A credential as it is sent, without the line's end that files have.
 * @throws ProviderFailure `unauthorized`: there is none, or it cannot be read.
 */
export async function credential(secret: Secret, what: string): Promise<string> {
  const value = await secret().then(
    (text) => text.trim(),
    () => null,
  );
  if (value === null) throw new ProviderFailure('unauthorized', `the ${what} cannot be read`);
  if (value === '') throw new ProviderFailure('unauthorized', `the ${what} is empty`);
  return value;
}
