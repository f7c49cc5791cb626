import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { UNKNOWN_REASONS } from '../../../src/carbon/reading.ts';
import { API_ERRORS, SETUP_ERRORS } from '../../../src/kubernetes/errors.ts';
import { STRATEGIES } from '../../../src/policy/strategies.ts';
import { REFUSALS } from '../../../src/placement/reasons.ts';
import { ADMISSION_ERRORS } from '../../../src/service/admission/errors.ts';
import { EXTENDER_ERRORS } from '../../../src/service/extender/errors.ts';
import { createMetrics } from '../../../src/service/metrics/metrics.ts';
import { DEGRADATIONS } from '../../../src/timing/plan/reasons.ts';
import { NOT_HELD_REASONS, NOT_PAUSED_REASONS, RELEASE_REASONS, WAIT_REASONS } from '../../../src/timing/reasons.ts';

/** The rows of every table of a page, or of one heading: each a list of cells, bare of backticks. */
function rows(page: string, heading: string | null = null): string[][] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const sections = text.split(/^## /m).filter((section) => heading === null || section.startsWith(`${heading}\n`));
  return sections
    .flatMap((section) => section.split('\n'))
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
}

function sorted(names: Iterable<string | undefined>): (string | undefined)[] {
  return [...names].sort();
}

describe('the catalogues in docs', () => {
  const reasons: Record<string, Readonly<Record<string, string>>> = {
    'Why a node is refused (filter)': REFUSALS,
    'Why work is released': RELEASE_REASONS,
    'Why work waits': WAIT_REASONS,
    'Why a running Job is not paused': NOT_PAUSED_REASONS,
    'Why an object is not held': NOT_HELD_REASONS,
  };
  for (const [heading, catalogue] of Object.entries(reasons)) {
    it(`list every reason of "${heading}" with its message, each once, and nothing else`, () => {
      const found = rows('reasons.md', heading);

      assert.deepEqual(Object.fromEntries(found.map(([code, message]) => [code, message])), catalogue);
      assert.equal(found.length, Object.keys(catalogue).length);
    });
  }

  it('list every degradation of a plan with its meaning, and nothing else', () => {
    const found = rows('planning.md', 'Strategies').filter(([code = '']) => code in DEGRADATIONS);

    assert.deepEqual(Object.fromEntries(found.map(([code, meaning]) => [code, meaning])), DEGRADATIONS);
  });

  it('list every strategy, and nothing else', () => {
    const found = rows('planning.md', 'Strategies').map(([code = '']) => code);

    assert.deepEqual(
      found.filter((code) => !(code in DEGRADATIONS)),
      [...STRATEGIES],
    );
  });

  it('list every reason for no intensity, and nothing else', () => {
    const unknown = rows('reasons.md', 'Why a region has no intensity');

    assert.deepEqual(sorted(unknown.map(([code]) => code)), sorted(UNKNOWN_REASONS));
  });

  it('list reasons under no other heading', () => {
    const headings = [...Object.keys(reasons), 'Why a region has no intensity'];

    assert.equal(headings.flatMap((heading) => rows('reasons.md', heading)).length, rows('reasons.md').length);
  });

  const catalogues: Record<string, Record<string, { status: number; message: string; fix: string }>> = {
    'extender-': EXTENDER_ERRORS,
    'admission-': ADMISSION_ERRORS,
  };
  for (const [prefix, catalogue] of Object.entries(catalogues)) {
    it(`list every error of ${prefix} with status, message and fix, and nothing else`, () => {
      const documented = rows('errors.md')
        .filter(([code]) => code?.startsWith(prefix))
        .map(([code, status, message, fix]) => [code, { status: Number(status), message, fix }] as const);

      const plain = Object.entries(catalogue).map(([code, { status, message, fix }]) => [
        code,
        { status, message: message.replaceAll('`', ''), fix: fix.replaceAll('`', '') },
      ]);
      assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(plain));
    });
  }

  it('list every error of the cluster side with meaning and fix, and nothing else', () => {
    const documented = rows('errors.md')
      .filter(([code]) => !/^(extender|admission)-/.test(code ?? ''))
      .map(([code, meaning, fix]) => [code, { meaning, fix }] as const);

    assert.deepEqual(Object.fromEntries(documented), { ...SETUP_ERRORS, ...API_ERRORS });
  });

  it('list every metric with its type and labels, and nothing else', async () => {
    const registry = new Registry();
    createMetrics(registry);

    const documented = rows('metrics.md').map(([name, type, labels]) => [name, type, labels]);

    const real = (await registry.getMetricsAsJSON()).map(({ name, type }) => {
      const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] };
      return [name, String(type), labelNames.join(', ')];
    });
    assert.deepEqual(sorted(documented.map((row) => row.join(' '))), sorted(real.map((row) => row.join(' '))));
  });
});
