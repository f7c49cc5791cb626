import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The house as lint rules. Each room names the rooms it may import; whatever is not named is refused.
 * Imports run: carbon <- policy <- residency <- placement <- timing (pure); pure <- sources, kubernetes (adapters, never one
 * another); pure <- simulation <- cli; pure + adapters <- service <- cli <- main. test/unit/lint/boundaries.test.ts shows that each rule bites.
 */
const ROOMS = [
  'carbon',
  'policy',
  'residency',
  'placement',
  'timing',
  'simulation',
  'sources',
  'kubernetes',
  'service',
  'cli',
];
const PURE = {
  carbon: [],
  policy: ['carbon'],
  residency: ['carbon', 'policy'],
  placement: ['carbon', 'policy', 'residency'],
  timing: ['carbon', 'policy', 'residency', 'placement'],
};
const ADAPTERS = { sources: Object.keys(PURE), kubernetes: Object.keys(PURE) };
/** As pure as those that decide; only the command line knows it. */
const REPLAYED = { simulation: Object.keys(PURE) };
const SHELL = {
  service: [...Object.keys(PURE), ...Object.keys(ADAPTERS)],
  cli: [...Object.keys(PURE), ...Object.keys(REPLAYED), ...Object.keys(ADAPTERS), 'service'],
};
/** What a pure room may take from npm: parsing of values, nothing that touches the world. */
const PURE_PACKAGES = ['zod'];

const BASE_SYNTAX = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines the name.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
];
const CLOCK_AND_CHANCE = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Pure rooms take time as an argument.',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'Pure rooms take time as an argument.' },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Pure rooms take time as an argument.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Pure rooms take randomness as an argument.',
  },
];
const PURE_GLOBALS = [
  'process',
  'performance',
  'crypto',
  'fetch',
  'console',
  'globalThis',
  'Buffer',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'WebSocket',
  'Temporal',
].map((name) => ({ name, message: 'Pure rooms know no clock, randomness or outside world.' }));

const forbidRooms = (room, allowed) =>
  ROOMS.filter((other) => other !== room && !allowed.includes(other)).map((other) => ({
    regex: `^\\.{1,2}/(.*/)?${other}(/|$)`,
    message: `${room} may not import ${other}: see "Which way imports run" in docs/architecture.md.`,
  }));
/** Every room imports from src alone, by the shortest way: a detour would hide where it leads. */
const OUTSIDE = { regex: '^[./]*/(src|hack|test|dist|config)/', message: 'Import within src, by the shortest way.' };
const MAIN = { regex: '^(\\.\\./)+main\\.(ts|js)$', message: 'Nothing imports the entry.' };

const pureRoom = ([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...forbidRooms(room, allowed),
          MAIN,
          OUTSIDE,
          {
            regex: `^(?!\\.{1,2}/)(?!(${PURE_PACKAGES.join('|')})$)`,
            message: 'Pure rooms import no I/O, no Kubernetes, no express.',
          },
        ],
      },
    ],
    'no-restricted-globals': ['error', ...PURE_GLOBALS],
    'no-restricted-syntax': [
      'error',
      ...BASE_SYNTAX,
      ...CLOCK_AND_CHANCE,
      { selector: 'ImportExpression', message: 'Pure rooms import statically, so that lint sees it.' },
    ],
  },
});
const outerRoom = ([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: [...forbidRooms(room, allowed), MAIN, OUTSIDE] }] },
});
const NO_EXIT = { object: 'process', property: 'exit', message: 'Only the entry ends the process.' };
const NO_ENVIRONMENT = { object: 'process', property: 'env', message: 'Only src/cli reads the environment.' };
const PROCESS = [
  { files: ['src/**/*.ts'], rules: { 'no-restricted-properties': ['error', NO_EXIT, NO_ENVIRONMENT] } },
  { files: ['src/cli/**/*.ts'], rules: { 'no-restricted-properties': ['error', NO_EXIT] } },
  { files: ['src/main.ts'], rules: { 'no-restricted-properties': 'off' } },
];

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', 'coverage/', 'tmp/', 'test/fixtures/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...BASE_SYNTAX],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  Object.entries({ ...PURE, ...REPLAYED }).map(pureRoom),
  Object.entries({ ...ADAPTERS, ...SHELL }).map(outerRoom),
  PROCESS,
  {
    files: ['test/**/*.ts', 'hack/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
