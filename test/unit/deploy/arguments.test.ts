import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveCommand } from '../../../src/cli/serve/command.ts';
import { serveOptions } from '../../../src/cli/serve/options.ts';
import type { ServeFlags, ServeOptions } from '../../../src/cli/serve/options.ts';
import { DEPLOY, mountedFiles, shippedObjects, theDeployment } from './shipped.ts';

const silent = { out: () => undefined, err: () => undefined, exit: () => undefined };

/** What the command line itself makes of the arguments, without running the service. */
async function flagsOf([command = '', ...args]: readonly string[]): Promise<ServeFlags> {
  const seen: ServeFlags[] = [];
  const serve = serveCommand({ io: silent, env: {}, stop: () => new AbortController().signal })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .action((flags: ServeFlags) => void seen.push(flags));
  assert.equal(command, serve.name());
  await serve.parseAsync(args, { from: 'user' });
  return seen[0] ?? {};
}

describe('the arguments in deploy/', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-deploy-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function deployed(): Promise<{ flags: ServeFlags; options: ServeOptions }> {
    const objects = await shippedObjects();
    const flags = await flagsOf(theDeployment(objects).spec.template.spec.containers[0].args);
    const config = join(folder, 'config.yaml');
    await writeFile(config, mountedFiles(objects).get(flags.config ?? '') ?? '');
    return { flags, options: await serveOptions({ ...flags, config }) };
  }

  it('are accepted by `lowtide serve`, and reach the network', async () => {
    const { flags, options } = await deployed();

    assert.equal(options.policy, flags.policy);
    assert.deepEqual(options.extender.address, { host: '0.0.0.0', port: 9480 });
    assert.deepEqual(options.operations.address, { host: '0.0.0.0', port: 9481 });
    assert.equal(options.extender.tls, undefined);
  });

  it("name no cluster, so that the pod's own service account is used", async () => {
    const { options } = await deployed();

    assert.deepEqual(options.cluster, {});
  });

  it('with tls/ differ in certificates alone', async () => {
    const { flags, options } = await deployed();

    const { extender, ...others } = await serveOptions({ ...flags, config: join(DEPLOY, 'tls', 'config.yaml') });

    const at = (file: string): string => `/etc/lowtide/tls/${file}`;
    assert.deepEqual(extender.tls, { certFile: at('tls.crt'), keyFile: at('tls.key'), clientCaFile: at('ca.crt') });
    assert.deepEqual(
      { ...others, extender: { ...extender, tls: undefined } },
      { ...options, extender: { ...options.extender, tls: undefined } },
    );
  });
});
