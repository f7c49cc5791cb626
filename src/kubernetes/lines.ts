import { StringDecoder } from 'node:string_decoder';
import { KubernetesError } from './errors.ts';

/** Far above the largest object etcd takes (1.5 MB): beyond it, what arrives is no watch event. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Cuts a stream of bytes into lines, without their ends; empty lines and an unfinished last line are left out. */
export async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) if (line !== '') yield line;
    if (rest.length > LONGEST_LINE) throw new KubernetesError('invalid-answer', 'a watch event that never ends');
  }
}
