import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ComponentName, StageName } from './components.ts';
import { COMPONENTS, STAGE_SOURCES, versionFlags } from './components.ts';
import type { KubernetesMinor } from './versions.ts';
import { KUBERNETES_MINORS, pinnedRelease } from './versions.ts';

/** Where the programs of one Kubernetes release are kept, and what they are built from. */
export interface Installation {
  readonly release: string;
  /** Folders of the Go modules: that of the minor, and the newest, which has etcd and KWOK. */
  readonly modules: { readonly minor: string; readonly newest: string };
  readonly folder: string;
  /** Tells whether what lies in the folder was built from the module as it is now. */
  readonly fingerprint: string;
}

/** The file in an installation that holds its fingerprint; written last. */
export const FINGERPRINT_FILE = 'built-from';

/** The folder above all installations. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const asked = env['XDG_CACHE_HOME'];
  const base = asked === undefined || asked === '' ? join(homedir(), '.cache') : asked;
  return join(base, 'lowtide', 'controlplane');
}

/** The installation of a minor, whether it has been built or not. */
export function installationOf(minor: KubernetesMinor, env: NodeJS.ProcessEnv): Installation {
  const modules = { minor: moduleOf(minor), newest: moduleOf(KUBERNETES_MINORS[0]) };
  const goMods = [modules.minor, modules.newest].map((module) => readFileSync(join(module, 'go.mod'), 'utf8'));
  const release = pinnedRelease(goMods[0] ?? '');
  const recipe = JSON.stringify([goMods, COMPONENTS, STAGE_SOURCES, versionFlags(release)]);
  const fingerprint = createHash('sha256').update(recipe).digest('hex');
  return { release, modules, folder: join(cacheRoot(env), release), fingerprint };
}

function moduleOf(minor: KubernetesMinor): string {
  return join(import.meta.dirname, minor);
}

/** Whether the installation is complete and up to date. */
export function isBuilt(installation: Installation): boolean {
  try {
    return readFileSync(join(installation.folder, FINGERPRINT_FILE), 'utf8') === installation.fingerprint;
  } catch {
    return false;
  }
}

/** The path of a program. */
export function binaryPath(folder: string, name: ComponentName): string {
  return join(folder, 'bin', name);
}

/** The path of a stage. */
export function stagePath(folder: string, name: StageName): string {
  return join(folder, 'stages', `${name}.yaml`);
}
