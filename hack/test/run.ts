import { styleText } from 'node:util';
import { runStep } from './steps.ts';
import type { Outcome, Step } from './steps.ts';

/** `--strict`: what was skipped counts as failed; for CI, where nothing may be missing. */
const strict = process.argv.includes('--strict') || process.env['LOWTIDE_TEST_STRICT'] === '1';
const npx = (...args: string[]): [string, ...string[]] => ['npx', '--no-install', ...args];

/** In order, the quick first; all of them run, whatever fails. */
const STEPS: readonly Step[] = [
  { name: 'types', kind: 'check', command: npx('tsc', '--noEmit') },
  { name: 'lint', kind: 'check', command: npx('eslint', '.') },
  { name: 'format', kind: 'check', command: npx('prettier', '--check', '--log-level', 'warn', '.') },
  { name: 'kind and shell scripts', kind: 'check', command: ['bash', 'hack/kind/check.sh'] },
  { name: 'build', kind: 'check', command: ['npm', 'run', '--silent', 'build'] },
  {
    name: 'unit, property and contract',
    kind: 'mocha',
    command: npx('c8', 'mocha', 'test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'),
  },
  {
    name: 'end to end',
    kind: 'mocha',
    command: npx('mocha', '--config', 'test/e2e/.mocharc.json', 'test/e2e/**/*.test.ts'),
  },
];

const outcomes: Outcome[] = [];
for (const step of STEPS) {
  process.stdout.write(`\n${styleText('bold', `== ${step.name}`)}\n`);
  outcomes.push(await runStep(step));
}

process.stdout.write('\n');
for (const { name, passed, failed, skipped, seconds } of outcomes) {
  const skips = skipped === 0 ? '' : `, ${skipped} skipped (see above, each with its reason)`;
  process.stdout.write(`${name}: ${passed} passed, ${failed} failed${skips} in ${seconds} s\n`);
}
const missing = strict ? outcomes.reduce((sum, { skipped }) => sum + skipped, 0) : 0;
if (missing > 0) process.stdout.write(`${missing} tests were skipped, and here none may be: counted as failed\n`);
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, missing);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
