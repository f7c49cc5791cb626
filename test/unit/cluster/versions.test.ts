import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cacheRoot, installationOf } from '../../../hack/controlplane/cache.ts';
import { versionFlags } from '../../../hack/controlplane/components.ts';
import { chooseMinor, isGoAtLeast, KUBERNETES_MINORS, pinnedRelease } from '../../../hack/controlplane/versions.ts';

describe('chooseMinor', () => {
  const cases = {
    'takes the newest when nothing is asked for': { requested: undefined, want: '1.36' },
    'takes the newest for an empty K8S': { requested: '', want: '1.36' },
    'takes the one that is asked for': { requested: '1.34', want: '1.34' },
  };
  for (const [name, { requested, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(chooseMinor(requested), want);
    });
  }

  it('refuses another and lists those there are', () => {
    assert.throws(() => chooseMinor('1.2'), /^Error: K8S=1\.2: choose one of 1\.36, 1\.35, 1\.34$/);
  });
});

describe('pinnedRelease', () => {
  it('finds the release among the requirements, not among the replacements', () => {
    const goMod = 'require (\n\tk8s.io/kubernetes v1.36.3\n)\nreplace k8s.io/api => k8s.io/api v0.36.3\n';

    assert.equal(pinnedRelease(goMod), 'v1.36.3');
  });

  it('finds a requirement on a line of its own', () => {
    assert.equal(pinnedRelease('require k8s.io/kubernetes v1.35.4\n'), 'v1.35.4');
  });

  it('refuses a go.mod without Kubernetes', () => {
    assert.throws(() => pinnedRelease('module x\n'), /requires no release/);
  });
});

describe('the Go modules', () => {
  for (const minor of KUBERNETES_MINORS) {
    it(`pin a release of ${minor}, and every Kubernetes module at the same one`, () => {
      const { release, modules } = installationOf(minor, {});

      const goMod = readFileSync(`${modules.minor}/go.mod`, 'utf8');
      const replaced = [...goMod.matchAll(/^\s*(?:replace )?(k8s\.io\/\S+) => \1 (v\S+)$/gm)].map((found) => found[2]);
      assert.ok(release.startsWith(`v${minor}.`));
      assert.deepEqual([...new Set(replaced)], [release.replace('v1.', 'v0.')]);
    });
  }
});

describe('the cache', () => {
  const cases = {
    'lies under XDG_CACHE_HOME': { env: { XDG_CACHE_HOME: '/there' }, want: /^\/there\/lowtide\/controlplane$/ },
    'lies under ~/.cache without it': { env: {}, want: /\/\.cache\/lowtide\/controlplane$/ },
    'lies under ~/.cache when it is empty': { env: { XDG_CACHE_HOME: '' }, want: /\/\.cache\/lowtide\/controlplane$/ },
  };
  for (const [name, { env, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.match(cacheRoot(env), want);
    });
  }
});

describe('isGoAtLeast', () => {
  const cases = [
    { version: 'go1.26.8', want: true },
    { version: 'go1.27rc1', want: true },
    { version: 'go1.25.9', want: false },
    { version: 'devel', want: false },
  ];
  for (const { version, want } of cases) {
    it(`says ${String(want)} for ${version} against 1.26`, () => {
      assert.equal(isGoAtLeast(version, 26), want);
    });
  }
});

describe('versionFlags', () => {
  it('stamps release, major and minor', () => {
    const flags = versionFlags('v1.36.3');

    assert.match(flags, /version\.gitVersion=v1\.36\.3 /);
    assert.match(flags, /version\.gitMajor=1 .*version\.gitMinor=36$/);
  });
});
