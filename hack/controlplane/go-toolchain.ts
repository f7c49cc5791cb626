import { spawn } from 'node:child_process';
import { isGoAtLeast } from './versions.ts';

const MINIMUM_MINOR = 26;
const NEEDED = `Go 1.${String(MINIMUM_MINOR)} or newer is needed to build the test control plane`;

/** Refuses to go on without a Go that can build Kubernetes. */
export async function requireGo(): Promise<void> {
  const found = await go(['env', 'GOVERSION'], import.meta.dirname).catch((cause: unknown) => {
    throw new Error(`${NEEDED}: no working \`go\` on the PATH`, { cause });
  });
  if (!isGoAtLeast(found, MINIMUM_MINOR)) throw new Error(`${NEEDED}: \`go\` on the PATH is ${found}`);
}

/** Builds one package of a module into a static program. */
export async function goBuild(module: string, packagePath: string, output: string, ldflags: string): Promise<void> {
  const flags = ['-trimpath', '-buildvcs=false', '-tags', 'osusergo,netgo', '-ldflags', ldflags];
  await go(['build', ...flags, '-o', output, packagePath], module);
}

/** The folder of a dependency's source. */
export async function goModuleFolder(module: string, dependency: string): Promise<string> {
  return go(['list', '-m', '-f', '{{.Dir}}', dependency], module);
}

/** Runs `go`; what it says on standard error is kept for the error. */
function go(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
    const child = spawn('go', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error(`go ${args[0] ?? ''} failed in ${cwd}:\n${complaint.trim()}`));
    });
  });
}
