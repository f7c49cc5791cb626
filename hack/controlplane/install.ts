import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Installation } from './cache.ts';
import { binaryPath, FINGERPRINT_FILE, isBuilt } from './cache.ts';
import { COMPONENTS, versionFlags } from './components.ts';
import { goBuild, goModuleFolder, requireGo } from './go-toolchain.ts';
import { withLock } from './lock.ts';
import { copyStages } from './stages.ts';

/** Where progress is written, piece by piece. */
export type Progress = (text: string) => void;

/** Builds what an installation lacks. Done already, it returns at once; two builds never run side by side. */
export async function install(installation: Installation, progress: Progress): Promise<void> {
  if (isBuilt(installation)) {
    progress(`Kubernetes ${installation.release} is ready in ${installation.folder}\n`);
    return;
  }
  const root = dirname(installation.folder);
  await mkdir(root, { recursive: true });
  const wait = (): void => {
    progress('waiting for another build to end\n');
  };
  await withLock(join(root, 'lock.db'), wait, async () => {
    if (isBuilt(installation)) return;
    await requireGo();
    await removeLeftovers(installation);
    await buildBeside(installation, progress);
  });
}

async function buildBeside(installation: Installation, progress: Progress): Promise<void> {
  const draft = await mkdtemp(draftPrefix(installation));
  try {
    const seconds = await stopwatch(() => buildInto(draft, installation, progress));
    await rm(installation.folder, { recursive: true, force: true });
    await rename(draft, installation.folder);
    progress(`built in ${seconds} s, kept in ${installation.folder}\n`);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function buildInto(draft: string, installation: Installation, progress: Progress): Promise<void> {
  const ldflags = versionFlags(installation.release);
  await mkdir(join(draft, 'bin'));
  await mkdir(join(draft, 'stages'));
  progress(`building Kubernetes ${installation.release} (about five minutes the first time)\n`);
  for (const component of COMPONENTS) {
    progress(`  ${component.name} … `);
    const output = binaryPath(draft, component.name);
    const module = installation.modules[component.from];
    const seconds = await stopwatch(() => goBuild(module, component.package, output, ldflags));
    progress(`${seconds} s\n`);
  }
  await copyStages(await goModuleFolder(installation.modules.newest, 'sigs.k8s.io/kwok'), draft);
  await writeFile(join(draft, FINGERPRINT_FILE), installation.fingerprint);
}

/** Drafts of builds that were killed: we hold the lock, so nobody works on them. */
async function removeLeftovers(installation: Installation): Promise<void> {
  const prefix = draftPrefix(installation);
  for (const name of await readdir(dirname(prefix))) {
    if (!name.startsWith(basename(prefix))) continue;
    await rm(join(dirname(prefix), name), { recursive: true, force: true });
  }
}

function draftPrefix(installation: Installation): string {
  return join(dirname(installation.folder), `.draft-${installation.release}-`);
}

async function stopwatch(work: () => Promise<void>): Promise<string> {
  const start = performance.now();
  await work();
  return ((performance.now() - start) / 1000).toFixed(0);
}
