import { Command } from 'commander';
import type { Policy, PolicyNotice, PolicyResult } from '../policy/types.ts';
import { readBytes, readPolicy, unreadable } from '../service/policy/read-document.ts';
import { noticeLines } from '../service/policy/refusal.ts';
import type { CommandIo } from './io.ts';

/** `lowtide policy validate FILE [--json]`: says whether a policy document can be used, and what does not act yet. */
export function policyCommand(io: CommandIo): Command {
  const policy = new Command('policy').description('work with the policy document');
  policy
    .command('validate')
    .description('check a policy document; exit 0 valid, 2 not valid or not readable')
    .argument('<file>', 'policy document, YAML or JSON')
    .option('--json', 'print {valid, errors, warnings}')
    .action((file: string, { json = false }: { json?: boolean }) => validate(file, json, io));
  return policy;
}

async function validate(file: string, json: boolean, io: CommandIo): Promise<void> {
  const read = await readBytes(file);
  const result: PolicyResult = read.ok ? readPolicy(read.bytes) : { ok: false, errors: [unreadable(read.code)] };
  if (json) io.out(asJson(result));
  else tell(file, result, io);
  io.exit(result.ok ? 0 : 2);
}

function asJson(result: PolicyResult): string {
  const errors = result.ok ? [] : result.errors;
  const warnings = result.ok ? result.warnings : [];
  return JSON.stringify({ valid: result.ok, errors, warnings }, null, 2);
}

function tell(file: string, result: PolicyResult, io: CommandIo): void {
  if (!result.ok) {
    for (const line of noticeLines(file, result.errors)) io.err(line);
    return;
  }
  for (const warning of result.warnings) io.err(warningLine(warning));
  io.out(`${file} is valid: ${summary(result.policy)}`);
}

function warningLine({ path, message, hint }: PolicyNotice): string {
  return `warning: ${path}: ${message} (${hint})`;
}

function summary({ regions, classes, residencySets, bands }: Policy): string {
  return [
    counted(regions.size, 'region'),
    counted(classes.size, 'class', 'classes'),
    counted(residencySets.size, 'residency set'),
    counted(bands.length, 'band'),
  ].join(', ');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
