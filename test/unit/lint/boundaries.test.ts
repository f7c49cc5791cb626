import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The project's own rules without those that need types: a probe is a text, not a file. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false, project: null } } },
  ],
});

async function rulesBroken(filePath: string, code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? [])
    .map(({ ruleId }) => ruleId)
    .filter((id) => id !== '@typescript-eslint/no-unused-vars');
}

const PURE = ['carbon', 'policy', 'residency', 'placement', 'timing'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  carbon: [],
  policy: ['carbon'],
  residency: ['carbon', 'policy'],
  placement: ['carbon', 'policy', 'residency'],
  timing: ['carbon', 'policy', 'residency', 'placement'],
  simulation: PURE,
  sources: PURE,
  kubernetes: PURE,
  service: [...PURE, 'sources', 'kubernetes'],
  cli: [...PURE, 'simulation', 'sources', 'kubernetes', 'service'],
};
const ROOMS = Object.keys(MAY_IMPORT);

describe('the boundary lint', function () {
  this.timeout(30_000);

  for (const room of ROOMS) {
    for (const other of ROOMS.filter((each) => each !== room)) {
      const may = MAY_IMPORT[room]?.includes(other) === true;
      it(`${may ? 'lets' : 'does not let'} ${room} import ${other}`, async () => {
        const imports = `import { thing } from '../${other}/thing.ts';\nthing();\n`;
        const types = `import type { Thing } from '../../${other}/thing.ts';\nexport type Other = Thing;\n`;

        const broken = [
          ...(await rulesBroken(`src/${room}/probe.ts`, imports)),
          ...(await rulesBroken(`src/${room}/inner/probe.ts`, types)),
        ];

        assert.deepEqual(broken, may ? [] : ['no-restricted-imports', 'no-restricted-imports']);
      });
    }

    it(`does not let ${room} import the entry`, async () => {
      assert.deepEqual(await rulesBroken(`src/${room}/probe.ts`, "import '../main.ts';\n"), ['no-restricted-imports']);
    });
  }

  const impure: Record<string, { code: string; want: string }> = {
    'the current time by Date.now()': { code: 'export const x = Date.now();', want: 'no-restricted-syntax' },
    'the current time by new Date()': { code: 'export const x = new Date();', want: 'no-restricted-syntax' },
    'the current time by Date()': { code: 'export const x = Date();', want: 'no-restricted-syntax' },
    'the current time by performance': { code: 'export const x = performance.now();', want: 'no-restricted-globals' },
    'chance by Math.random()': { code: 'export const x = Math.random();', want: 'no-restricted-syntax' },
    'chance by crypto': { code: 'export const x = crypto.randomUUID();', want: 'no-restricted-globals' },
    'the environment': { code: 'export const x = process.argv;', want: 'no-restricted-globals' },
    'the network by fetch': { code: "export const x = fetch('x');", want: 'no-restricted-globals' },
    'a timer': { code: 'setTimeout(() => undefined, 1);', want: 'no-restricted-globals' },
    'the console': { code: "console.log('x');", want: 'no-restricted-globals' },
    'a way around by globalThis': { code: 'export const x = globalThis.Date;', want: 'no-restricted-globals' },
    files: { code: "import 'node:fs';", want: 'no-restricted-imports' },
    'files by their old name': { code: "import 'fs';", want: 'no-restricted-imports' },
    Kubernetes: {
      code: "import type { V1Pod } from '@kubernetes/client-node';\nexport type P = V1Pod;",
      want: 'no-restricted-imports',
    },
    express: { code: "import express from 'express';\nexpress();", want: 'no-restricted-imports' },
    'a module at run time': { code: "export const x = import('./other.ts');", want: 'no-restricted-syntax' },
  };
  for (const [what, { code, want }] of Object.entries(impure)) {
    for (const room of [...PURE, 'simulation']) {
      it(`keeps ${what} out of ${room}`, async () => {
        assert.deepEqual(await rulesBroken(`src/${room}/probe.ts`, `${code}\n`), [want]);
      });
    }
  }

  const detours = [
    '../../src/service/clock.ts',
    './../service/clock.ts',
    '../../hack/lowtide/entry.ts',
    '../../test/x.ts',
  ];
  for (const path of detours) {
    it(`does not let carbon take the detour ${path}`, async () => {
      assert.ok((await rulesBroken('src/carbon/probe.ts', `import '${path}';\n`)).includes('no-restricted-imports'));
    });
  }

  it('lets a pure room make a date of an argument, and use the schema library', async () => {
    const code = "import { z } from 'zod';\nexport const x = (at: number) => [new Date(at), z.string()];\n";

    assert.deepEqual(
      (await rulesBroken('src/carbon/probe.ts', code)).filter((id) => id?.startsWith('no-restricted') === true),
      [],
    );
  });

  it('lets only the command line read the environment', async () => {
    const code = 'export const x = process.env;\n';

    assert.deepEqual(await rulesBroken('src/service/probe.ts', code), ['no-restricted-properties']);
    assert.deepEqual(await rulesBroken('src/kubernetes/probe.ts', code), ['no-restricted-properties']);
    assert.deepEqual(await rulesBroken('src/cli/probe.ts', code), []);
  });

  it('lets only the entry end the process', async () => {
    assert.deepEqual(await rulesBroken('src/service/probe.ts', 'process.exit(1);\n'), ['no-restricted-properties']);
    assert.deepEqual(await rulesBroken('src/cli/probe.ts', 'process.exit(1);\n'), ['no-restricted-properties']);
    assert.deepEqual(await rulesBroken('src/main.ts', 'process.exit(1);\n'), []);
  });

  const ceilings: Record<string, { code: string; want: string }> = {
    'a file of more than 300 lines': { code: 'export {};\n'.repeat(301), want: 'max-lines' },
    'a function of more than 40 lines': {
      code: `export function f(): void {\n${'  f();\n'.repeat(41)}}\n`,
      want: 'max-lines-per-function',
    },
    'more than four parameters': {
      code: 'export function f(a: 1, b: 1, c: 1, d: 1, e: 1): number {\n  return a + b + c + d + e;\n}\n',
      want: 'max-params',
    },
    'nesting deeper than three': {
      code: 'export function f(a: boolean): void {\n  if (a) while (a) for (;;) if (a) f(a);\n}\n',
      want: 'max-depth',
    },
    'more than ten ways through a function': {
      code: `export function f(a: number): number {\n${Array.from({ length: 11 }, (_, i) => `  if (a === ${i}) return ${i};\n`).join('')}  return a;\n}\n`,
      want: 'complexity',
    },
    'a default export': { code: 'export default 1;\n', want: 'no-restricted-syntax' },
    'a barrel': { code: "export * from './other.ts';\n", want: 'no-restricted-syntax' },
    any: { code: 'export const x: any = 1;\n', want: '@typescript-eslint/no-explicit-any' },
    'a non-null assertion': { code: 'export const x = [1][0]!;\n', want: '@typescript-eslint/no-non-null-assertion' },
  };
  for (const [what, { code, want }] of Object.entries(ceilings)) {
    it(`refuses ${what}`, async () => {
      assert.ok((await rulesBroken('src/service/probe.ts', code)).includes(want));
    });
  }
});
