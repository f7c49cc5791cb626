import assert from 'node:assert/strict';
import { problemMessage } from '../../../src/policy/problem-message.ts';
import { permittedRegions } from '../../../src/residency/permitted.ts';
import { INTENT_POLICY, intentOf, namespaceFacts } from '../../support/intents.ts';

type Words = Record<string, unknown>;

interface PlaceCase {
  words?: Words;
  namespace: Words;
  enforced?: true;
  want: readonly string[] | 'any' | 'labelled';
  problem?: RegExp;
}

const EU = ['eu-west-1', 'eu-central-1'];

const CASES: Record<string, PlaceCase> = {
  "takes the namespace's default": { namespace: { residency: 'eu-strict' }, want: EU },
  'lets a workload replace a default that is no limit': {
    words: { residency: 'us-only' },
    namespace: { residency: 'eu-strict' },
    want: ['us-east-1'],
  },
  'puts the limit in force where nobody names a residency': { namespace: { 'limit-residency': 'eu-strict' }, want: EU },
  'lets a workload name the limit itself': {
    words: { residency: 'eu-strict' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: EU,
  },
  'lets a workload name less than the limit': {
    words: { residency: 'single-region', regions: 'eu-west-1' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: ['eu-west-1'],
  },
  'refuses a set beside the limit': {
    words: { residency: 'us-only' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: EU,
    problem:
      /^annotation lowtide.dev\/residency: "us-only" .* a set: eu-strict, single-region \(limit: lowtide.dev\/limit-residency of namespace team-a\)$/,
  },
  'refuses a set that holds the limit': {
    words: { residency: 'global' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: EU,
    problem: /"global"/,
  },
  'lets a wider set stand where its own regions are within the limit': {
    words: { residency: 'global', regions: 'eu-west-1' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: ['eu-west-1'],
  },
  'refuses a wider set where one of its own regions is not': {
    words: { residency: 'global', regions: 'eu-west-1,us-east-1' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: ['eu-west-1'],
    problem: /"global"/,
  },
  'refuses a wider set by a region that the table lacks': {
    words: { residency: 'global', regions: 'eu-west-1,office' },
    namespace: { 'limit-residency': 'eu-strict' },
    want: ['eu-west-1'],
    problem: /"global"/,
  },
  'bounds a default by the limit without a word': {
    namespace: { residency: 'global', 'limit-residency': 'eu-strict' },
    want: EU,
  },
  'permits nothing by a limit that nobody wrote': {
    words: { residency: 'eu-strict' },
    namespace: { 'limit-residency': 'eu-strct' },
    want: [],
    problem:
      /^annotation lowtide.dev\/limit-residency of namespace team-a: "eu-strct" is not accepted; accepted: a set: eu-/,
  },
  'permits nothing by a default that nobody wrote': {
    namespace: { residency: 'eu-strct' },
    want: [],
    problem: /^annotation lowtide.dev\/residency of namespace team-a: /,
  },
  'permits nothing by an enforced default that nobody wrote': {
    namespace: { residency: 'eu-strct', regions: ',' },
    enforced: true,
    want: [],
    problem:
      /^annotation lowtide.dev\/residency of namespace team-a: [^;]*; accepted: a set: [^;]*,annotation lowtide.dev\/regions of/,
  },
  'makes a ceiling of the default where the namespace enforces': {
    words: { residency: 'us-only' },
    namespace: { residency: 'eu-strict' },
    enforced: true,
    want: EU,
    problem: /\(limit: lowtide.dev\/residency of namespace team-a\)$/,
  },
  'keeps to both where default and limit of an enforced namespace cross': {
    words: { residency: 'global' },
    namespace: { residency: 'named', 'limit-residency': 'eu-strict' },
    enforced: true,
    want: ['eu-west-1'],
    problem: /"global"/,
  },
  'permits nothing where default and limit of an enforced namespace exclude each other': {
    namespace: { residency: 'us-only', 'limit-residency': 'eu-strict' },
    enforced: true,
    want: [],
    problem: /^annotation lowtide.dev\/limit-residency of namespace team-a: .* shares a region with us-only$/,
  },
  'lets an own list stand within the limit': {
    words: { regions: 'eu-west-1' },
    namespace: { 'limit-regions': 'eu-west-1,us-east-1' },
    want: ['eu-west-1'],
  },
  'puts the limit in force where nobody lists regions': {
    namespace: { 'limit-regions': 'us-east-1' },
    want: ['us-east-1'],
  },
  'refuses regions beside the limit and keeps the others': {
    words: { regions: 'eu-west-1,us-east-1' },
    namespace: { 'limit-regions': 'eu-west-1,eu-central-1' },
    want: ['eu-west-1'],
    problem:
      /"eu-west-1,us-east-1" .* regions of eu-west-1, eu-central-1 \(limit: lowtide.dev\/limit-regions of namespace/,
  },
  'permits nothing where no region of the own list is within the limit': {
    words: { regions: 'us-east-1' },
    namespace: { 'limit-regions': 'eu-west-1' },
    want: [],
    problem: /"us-east-1"/,
  },
  'bounds a default list by the limit without a word': {
    namespace: { regions: 'eu-west-1,us-east-1', 'limit-regions': 'us-east-1' },
    want: ['us-east-1'],
  },
  'says that a default list and its limit leave nothing': {
    namespace: { regions: 'eu-west-1', 'limit-regions': 'us-east-1' },
    want: [],
    problem:
      /^annotation lowtide.dev\/regions of namespace team-a: .* \(limit: lowtide.dev\/limit-regions of namespace team-a\)$/,
  },
  'permits nothing by an empty limit': {
    words: { regions: 'us-east-1' },
    namespace: { 'limit-regions': ',' },
    want: [],
    problem: /^annotation lowtide.dev\/limit-regions of namespace team-a/,
  },
  'says of a limit that no label can carry that it is malformed': {
    namespace: { 'limit-regions': 'eu west!' },
    want: ['eu west!'],
    problem: /^annotation lowtide.dev\/limit-regions of namespace team-a: "eu west!" is not accepted/,
  },
  'says of a region that no label can carry that it is malformed': {
    words: { regions: 'eu-west-1, eu west!' },
    namespace: {},
    want: ['eu-west-1', 'eu west!'],
    problem: /^annotation lowtide.dev\/regions: "eu-west-1, eu west!" is not accepted; accepted: regions as nodes/,
  },
  'says of more regions than there are that they are malformed': {
    words: { residency: 'us-only', regions: ['us-east-1', ...Array.from({ length: 256 }, (_, n) => `r${n}`)].join() },
    namespace: {},
    want: ['us-east-1'],
    problem: /^annotation lowtide.dev\/regions: "us-east-1,r0,.*, at most 256$/,
  },
  'says of an origin that no label can carry that it is malformed, once': {
    words: { 'latency-origin': 'my office!', 'latency-budget': '60ms' },
    namespace: {},
    want: 'any',
    problem:
      /^annotation lowtide.dev\/latency-origin: "my office!" is not accepted; accepted: a region, e.g. "eu-west-1"$/,
  },
  'makes a ceiling of the default list where the namespace enforces': {
    words: { regions: 'us-east-1,eu-west-1' },
    namespace: { regions: 'eu-west-1' },
    enforced: true,
    want: ['eu-west-1'],
    problem: /\(limit: lowtide.dev\/regions of namespace team-a\)$/,
  },
  'lets a workload name another tenant where nothing is enforced': {
    words: { residency: 'single-region', tenant: 'usco' },
    namespace: { tenant: 'acme' },
    want: ['us-east-1'],
  },
  'lets nobody move by another tenant where the namespace enforces': {
    words: { residency: 'single-region', tenant: 'usco' },
    namespace: { tenant: 'acme', residency: 'single-region' },
    enforced: true,
    want: ['eu-central-1'],
    problem: /^annotation lowtide.dev\/tenant: "usco" is not accepted; accepted: acme \(limit: /,
  },
};

describe('where resolveIntent lets work run', () => {
  for (const [sentence, { words = {}, namespace, enforced = false, want, problem }] of Object.entries(CASES)) {
    it(sentence, () => {
      const intent = intentOf(words, namespaceFacts(namespace, { enforced }));

      assert.deepEqual(permittedRegions(intent.placement, INTENT_POLICY), want);
      const told = intent.problems.map(problemMessage).join();
      if (problem === undefined) assert.equal(told, '');
      else assert.match(told, problem);
    });
  }
});
