import { Command } from 'commander';
import type { Explanation } from '../../service/explain/types.ts';
import type { CommandIo } from '../io.ts';
import { askService } from './ask.ts';
import { explainOptions } from './options.ts';
import type { ExplainFlags, ExplainOptions } from './options.ts';
import { explanationLines } from './words.ts';

interface CommandContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
}

/** `lowtide explain`: what the running service decides about one Job or pod, and why. Changes nothing. */
export function explainCommand(context: CommandContext): Command {
  return new Command('explain')
    .description('why a Job or pod waits or runs, until when, and what else could be: asked of the running service')
    .argument('<work>', 'job/NAME or pod/NAME')
    .option('-n, --namespace <name>', "namespace (default: the kubeconfig's, with --server: default)")
    .option('--server <url>', 'operations listener of a lowtide serve, e.g. http://127.0.0.1:9481')
    .option('--kubeconfig <file>', "without --server: cluster whose API server leads to it (default: the pod's own)")
    .option('--service <name:port>', 'service of Lowtide in the cluster', 'lowtide-extender:operations')
    .option('--service-namespace <name>', 'namespace of that service', 'lowtide')
    .option('--json', 'print the whole answer')
    .action((work: string, flags: ExplainFlags) => explainWork(explainOptions(work, flags), context));
}

async function explainWork(options: ExplainOptions, { io, env }: CommandContext): Promise<void> {
  const answer = await askService(options, env);
  if (!answer.ok) {
    io.err(`lowtide: ${answer.why}`);
    io.exit(1);
    return;
  }
  if (options.json) io.out(JSON.stringify(answer.explanation, null, 2));
  else for (const line of explanationLines(answer.explanation as Explanation)) io.out(line);
}
