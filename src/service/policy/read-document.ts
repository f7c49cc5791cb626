import { readFile } from 'node:fs/promises';
import { load, YAMLException } from 'js-yaml';
import { parsePolicy } from '../../policy/parse.ts';
import { own } from '../../policy/raw.ts';
import type { PolicyNotice, PolicyResult } from '../../policy/types.ts';

/** What a file held, or the system's code for why it could not be read, e.g. `ENOENT`. */
export type FileBytes = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly code: string };

/** Reads a file, through symlinks. Never throws. */
export async function readBytes(file: string): Promise<FileBytes> {
  try {
    return { ok: true, bytes: await readFile(file) };
  } catch (error) {
    const code = own(error, 'code');
    return { ok: false, code: typeof code === 'string' ? code : 'EUNKNOWN' };
  }
}

/** Says why a file could not be read. */
export function unreadable(code: string): PolicyNotice {
  const hint = HINTS[code] ?? 'name a file that can be read';
  return { path: '', message: `cannot be read (${code})`, hint };
}

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: check the path, and in a cluster that the ConfigMap is mounted there',
  EACCES: "let this process's user read it",
  EISDIR: 'it is a directory: name the file in it',
};

/** Aliases multiply what a document weighs; a policy written by hand needs few. */
const MAX_ALIASES = 100;

/** Decodes one YAML document (JSON is YAML too) and reads it as a policy. Never throws. */
export function readPolicy(bytes: Uint8Array): PolicyResult {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const document = load(text, { maxAliases: MAX_ALIASES });
    return own(document, 'kind') === 'ConfigMap' ? refused(CONFIG_MAP) : parsePolicy(document);
  } catch (error) {
    return refused(error instanceof YAMLException ? yamlNotice(error) : NOT_TEXT);
  }
}

const CONFIG_MAP: PolicyNotice = {
  path: 'kind',
  message: 'this is a ConfigMap, not the policy in it',
  hint: 'mount it and name the file of its key, or save the text under data: as a file of its own',
};
const NOT_TEXT: PolicyNotice = { path: '', message: 'is not UTF-8 text', hint: 'save it as UTF-8' };

function refused(notice: PolicyNotice): PolicyResult {
  return { ok: false, errors: [notice] };
}

function yamlNotice({ reason, mark }: YAMLException): PolicyNotice {
  const where = mark === undefined ? '' : ` at line ${mark.line + 1}, column ${mark.column + 1}`;
  return { path: '', message: `is not a YAML document${where}: ${reason}`, hint: yamlHint(reason) };
}

function yamlHint(reason: string): string {
  if (reason.includes('input is empty')) return 'write apiVersion, kind and regions; config/policy.yaml is an example';
  if (reason.includes('found more')) return 'keep one document in the file, without a "---" between or after';
  return 'mend the YAML there';
}
