import { createReadStream } from 'node:fs';
import { ListItems } from '../../kubernetes/list-items.ts';
import { member } from '../../kubernetes/untyped.ts';
import { own } from '../../policy/raw.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Hands over each object of a list, as `kubectl get jobs -A -o json` prints it, one at a time: such a file may be large.
 * @throws UsageError where the file cannot be read or is no list.
 */
export async function readJobsFile(file: string, take: (job: unknown) => void): Promise<void> {
  const items = new ListItems((item) => {
    take(JSON.parse(item));
  });
  try {
    for await (const chunk of createReadStream(file)) items.write(chunk as Buffer);
    if (Array.isArray(member(JSON.parse(items.frame()), 'items'))) return;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw unreadable(file, error);
  }
  throw new UsageError([`${file}: not a list of objects: write it with kubectl get jobs -A -o json`]);
}

function unreadable(file: string, error: unknown): unknown {
  const code = own(error, 'code');
  return typeof code === 'string'
    ? new UsageError([`${file}: cannot be read (${code}): name a file that kubectl get jobs -A -o json wrote`])
    : error;
}
