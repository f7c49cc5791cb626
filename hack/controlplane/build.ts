import { installationOf } from './cache.ts';
import { install } from './install.ts';
import { chooseMinor } from './versions.ts';

/** `node hack/controlplane/build.ts`: builds the control plane of the Kubernetes that `K8S` names. */
try {
  await install(installationOf(chooseMinor(process.env['K8S']), process.env), (text) => process.stdout.write(text));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
