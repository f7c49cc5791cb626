import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ServeConfig } from '../../../src/cli/serve/config.ts';
import { PROVIDERS } from '../../../src/cli/sources/providers.ts';
import { serveCommand } from '../../../src/cli/serve/command.ts';
import * as annotations from '../../../src/policy/annotations.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** First cells of every table row of a page that begins with code, bare of backticks. */
function firstCells(page: string): readonly string[] {
  return read(page)
    .split('\n')
    .flatMap((line) => /^\| `([^`]+)`/.exec(line)?.[1] ?? []);
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...names].sort();
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** Dotted paths of every key that a schema names; `[]` stands for an entry of a list. */
function keysOf(node: SchemaNode, path = ''): readonly string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [here, ...keysOf(child, here)];
  });
  const entries = node.items === undefined ? [] : keysOf(node.items, `${path}[]`);
  return [...own, ...entries, ...(node.anyOf ?? []).flatMap((each) => keysOf(each, path))];
}

describe('the documentation', () => {
  for (const page of PAGES) {
    it(`${page} links to what is there`, () => {
      const links = matches(read(page), /\]\(([^)\s]+)\)/g).filter((link) => !/^(https?:|#)/.test(link));

      const dead = links.filter((link) => !existsSync(join(ROOT, dirname(page), link.replace(/#.*$/, ''))));
      assert.deepEqual(dead, []);
    });

    it(`${page} names pages, tests and sources that are there`, () => {
      const named = matches(read(page), /`((?:docs|test|src|hack|config|deploy)\/[\w./-]*\w)\/?`/g);

      assert.deepEqual(
        named.filter((path) => !existsSync(join(ROOT, path)) && !path.includes('NNNN')),
        [],
      );
    });

    it(`${page} names make targets and npm scripts that there are`, () => {
      const targets = new Set(matches(read('Makefile'), /^([a-z][a-z0-9-]*):/gm));
      const { scripts } = z
        .object({ scripts: z.record(z.string(), z.string()) })
        .parse(JSON.parse(read('package.json')));
      const text = read(page);

      const unknown = [
        ...matches(text, /(?:`|^)make ([a-z][a-z0-9-]*)/gm).filter((name) => !targets.has(name)),
        ...matches(text, /npm run (?:-s )?([a-z][a-z0-9:-]*)/g).filter((name) => !Object.hasOwn(scripts, name)),
      ];
      assert.deepEqual(unknown, []);
    });
  }
});

describe('the tables in docs', () => {
  it('give a reason for every package of package.json, and for no other', () => {
    const group = z.record(z.string(), z.string());
    const { dependencies, optionalDependencies, devDependencies } = z
      .object({ dependencies: group, optionalDependencies: group, devDependencies: group })
      .parse(JSON.parse(read('package.json')));

    const packages = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    assert.deepEqual(sorted(firstCells('docs/dependencies.md')), sorted(packages));
  });

  it('explain every annotation that acts, and no other', () => {
    const { PREFIX, READ } = annotations;
    const [first = ''] = read('docs/annotations.md').split('## What a wrong value does');

    const documented = matches(first, /^\| `(lowtide\.dev\/[a-z-]+)`/gm);

    assert.ok(READ.every((name) => name.startsWith(PREFIX)));
    assert.deepEqual(sorted(documented), sorted(READ));
  });

  it('list every key of --config, and no other', () => {
    const schema = z.toJSONSchema(ServeConfig, { io: 'input', unrepresentable: 'any' }) as SchemaNode;

    const documented = firstCells('docs/configuration.md').filter((cell) => /^[a-z][A-Za-z.[\]]*$/.test(cell));

    // docs/providers.md has the keys of each provider, and a test of its own.
    const ofProvider = new RegExp(`^sources\\[\\]\\.(${Object.keys(PROVIDERS).join('|')})\\.`);
    const keys = keysOf(schema).filter((key) => !ofProvider.test(key));
    assert.deepEqual(sorted(documented), sorted(new Set(keys)));
  });

  it('list every flag of serve --help, and no other', () => {
    const silent = { out: () => undefined, err: () => undefined, exit: () => undefined };
    const { options } = serveCommand({ io: silent, env: {}, stop: () => new AbortController().signal });

    const documented = firstCells('docs/configuration.md').flatMap((cell) => /^--[a-z-]+/.exec(cell) ?? []);

    assert.deepEqual(sorted(documented), sorted(options.map(({ long }) => long ?? '')));
  });
});
