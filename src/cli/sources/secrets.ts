import { readFile } from 'node:fs/promises';
import type { Secret } from '../../sources/credential.ts';
import type { SecretConfig } from './fields.ts';

/** Reads a credential where the configuration says it stands, anew at each use. */
export function secretOf({ file, env }: SecretConfig, environment: NodeJS.ProcessEnv): Secret {
  return async () => {
    if (file !== undefined) return readFile(file, 'utf8');
    const value = environment[env ?? ''];
    if (value === undefined) throw new Error(`the environment has no ${env ?? ''}`);
    return value;
  };
}

/** One line for a person where a credential cannot be read now; null: it can. The credential itself is in no line. */
export async function secretProblem(secret: SecretConfig, environment: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    const value = await secretOf(secret, environment)();
    return value.trim() === '' ? `${placeOf(secret)} is empty` : null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return secret.file === undefined ? `${placeOf(secret)} is not set` : `${placeOf(secret)} cannot be read${code}`;
  }
}

function placeOf({ file, env }: SecretConfig): string {
  return file ?? `the environment variable ${env ?? ''}`;
}
