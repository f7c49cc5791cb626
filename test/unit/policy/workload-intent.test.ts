import assert from 'node:assert/strict';
import { problemMessage } from '../../../src/policy/problem-message.ts';
import { HOUR, intentOf, namespaceFacts } from '../../support/intents.ts';

type Words = Record<string, unknown>;

const NO_HOLD = {
  choice: 'none',
  maxDelay: 0,
  deadline: null,
  expectedDuration: null,
  threshold: null,
  thresholdOf: 'class',
  interruptible: false,
};
const DUE = Date.parse('2026-03-03T06:00:00Z');
const deadline = '2026-03-03T06:00:00Z';

const limited = namespaceFacts({ 'limit-max-delay': '2h', 'limit-max-intensity': '200' }, { managed: false });

describe('resolveIntent', () => {
  it('wants nothing of a workload that says nothing', () => {
    const intent = intentOf({});

    assert.deepEqual(intent.hold, NO_HOLD);
    assert.deepEqual([intent.optedIn, intent.effective, intent.problems], [false, {}, []]);
  });

  const delays: Record<string, { words: Words; namespace?: Words; want: number }> = {
    "is the class's": { words: { class: 'deferrable' }, want: 12 * HOUR },
    "is the workload's own where it is shorter": {
      words: { class: 'deferrable', 'max-delay': '90m' },
      want: 1.5 * HOUR,
    },
    "is never longer than the class's": { words: { class: 'standard', 'max-delay': '61m' }, want: HOUR },
    "is the class's where the own is malformed": { words: { class: 'standard', 'max-delay': 'soon' }, want: HOUR },
    "falls to the namespace's where the own is malformed": {
      words: { class: 'standard', 'max-delay': 'soon' },
      namespace: { 'max-delay': '5m' },
      want: HOUR / 12,
    },
    "is never longer than the namespace's limit": {
      words: { class: 'deferrable' },
      namespace: { 'limit-max-delay': '2h' },
      want: 2 * HOUR,
    },
    'of an own one neither': {
      words: { class: 'deferrable', 'max-delay': '3h' },
      namespace: { 'limit-max-delay': '2h' },
      want: 2 * HOUR,
    },
    "is the namespace's default": { words: { class: 'deferrable' }, namespace: { 'max-delay': '3h' }, want: 3 * HOUR },
    "gives a default that is too long the class's": {
      words: { class: 'standard' },
      namespace: { 'max-delay': '3h' },
      want: HOUR,
    },
    'is none for an urgent class': { words: { class: 'urgent' }, want: 0 },
    'does not count without a class': { words: { 'max-delay': '1h' }, want: 0 },
    'counts without a class by a hold of its own': { words: { hold: 'true', 'max-delay': '30h' }, want: 30 * HOUR },
    "is then bounded by the namespace's limit": {
      words: { hold: 'true', 'max-delay': '30h' },
      namespace: { 'limit-max-delay': '2h' },
      want: 2 * HOUR,
    },
    'is none for a hold of its own that names no delay': {
      words: { hold: 'true' },
      namespace: { 'limit-max-delay': '2h' },
      want: 0,
    },
    'is unbounded where a deadline replaces it': {
      words: { class: 'standard', deadline, 'expected-duration': '1h' },
      want: Infinity,
    },
    'beside a deadline still binds if it is its own, longer than that of the class too': {
      words: { class: 'standard', deadline, 'expected-duration': '1h', 'max-delay': '3h' },
      want: 3 * HOUR,
    },
    "beside a deadline is bounded by the namespace's limit": {
      words: { class: 'urgent', deadline, 'expected-duration': '1h' },
      namespace: { 'limit-max-delay': '2h' },
      want: 2 * HOUR,
    },
    'of an unknown class is none': { words: { class: 'lazy', hold: 'true', 'max-delay': '1h' }, want: 0 },
  };
  for (const [sentence, { words, namespace, want }] of Object.entries(delays)) {
    it(`maximum delay: ${sentence}`, () => {
      const facts = namespace === undefined ? null : namespaceFacts(namespace);

      assert.equal(intentOf(words, facts).hold.maxDelay, want);
    });
  }

  const thresholds: Record<string, { words: Words; namespace?: Words; want: number | null }> = {
    "is the class's": { words: { class: 'deferrable' }, want: 250 },
    'is its own where it is lower': { words: { class: 'deferrable', 'max-intensity': '99.5' }, want: 99.5 },
    "is never above the class's": { words: { class: 'deferrable', 'max-intensity': '251' }, want: 250 },
    "is never above the namespace's limit": {
      words: { class: 'deferrable' },
      namespace: { 'limit-max-intensity': '200' },
      want: 200,
    },
    "is the namespace's limit where nobody else names one": {
      words: { class: 'urgent' },
      namespace: { 'limit-max-intensity': '200' },
      want: 200,
    },
    'is none for a class without one': { words: { class: 'urgent' }, want: null },
    'is its own where the class has none': { words: { class: 'urgent', 'max-intensity': '900' }, want: 900 },
    "is the class's where the own is malformed": { words: { class: 'standard', 'max-intensity': '-1' }, want: 400 },
  };
  for (const [sentence, { words, namespace, want }] of Object.entries(thresholds)) {
    it(`threshold: ${sentence}`, () => {
      const intent = intentOf(words, namespace === undefined ? null : namespaceFacts(namespace));

      assert.equal(intent.hold.threshold, want);
      assert.equal(intent.placement.ceiling, want);
    });
  }

  const deadlines: Record<string, { words: Words; namespace?: Words; want: number | null }> = {
    'is read with its offset': {
      words: { deadline: '2026-03-03T08:00:00+02:00', 'expected-duration': '1h' },
      want: DUE,
    },
    'may have a fraction': { words: { deadline: '2026-03-03T06:00:00.000Z', 'expected-duration': '1h' }, want: DUE },
    "takes the duration from the namespace's default": {
      words: { deadline },
      namespace: { 'expected-duration': '1h' },
      want: DUE,
    },
    'is none without an expected duration': { words: { deadline }, want: null },
    'is none with a malformed one': { words: { deadline, 'expected-duration': 'long' }, want: null },
    'is none without an offset': { words: { deadline: '2026-03-03T06:00:00', 'expected-duration': '1h' }, want: null },
    'is none on 30 February': { words: { deadline: '2026-02-30T06:00:00Z', 'expected-duration': '1h' }, want: null },
    'is none as a date': { words: { deadline: '2026-03-03', 'expected-duration': '1h' }, want: null },
  };
  for (const [sentence, { words, namespace, want }] of Object.entries(deadlines)) {
    it(`deadline: ${sentence}`, () => {
      const intent = intentOf(words, namespace === undefined ? null : namespaceFacts(namespace));

      assert.equal(intent.hold.deadline, want);
      assert.equal(intent.problems.length, want === null ? 1 : 0);
    });
  }

  const unmanaged = { managed: false };
  const optIns: Record<string, { words: Words; namespace?: Words; part?: { managed: boolean }; want: boolean }> = {
    'a class of its own does': { words: { class: 'standard' }, want: true },
    'a hold of its own does': { words: { hold: 'true' }, want: true },
    'a residency does not': { words: { residency: 'global' }, want: false },
    'a delay does not': { words: { 'max-delay': '1h', 'max-intensity': '200' }, want: false },
    "a managed namespace's default class does": { words: {}, namespace: { class: 'standard' }, want: true },
    "an unmanaged namespace's default class does not": {
      words: { residency: 'global' },
      namespace: { class: 'standard' },
      part: unmanaged,
      want: false,
    },
    'an unknown class does not': { words: { class: 'lazy', hold: 'true' }, want: false },
    "a namespace's hold does not": { words: {}, namespace: { hold: 'true' }, want: false },
  };
  for (const [sentence, { words, namespace, part, want }] of Object.entries(optIns)) {
    it(`opting in: ${sentence}`, () => {
      const facts = namespace === undefined ? null : namespaceFacts(namespace, part);

      assert.equal(intentOf(words, facts).optedIn, want);
    });
  }

  const choices: Record<string, { words: Words; namespace?: Words; want: string }> = {
    'is none unless said': { words: { class: 'standard' }, want: 'none' },
    'opts in': { words: { hold: 'true' }, want: 'opted-in' },
    'opts out': { words: { class: 'standard', hold: 'false' }, want: 'opted-out' },
    'opts out for a whole namespace': { words: { class: 'standard' }, namespace: { hold: 'false' }, want: 'opted-out' },
    'goes before that of the namespace': { words: { hold: 'true' }, namespace: { hold: 'false' }, want: 'opted-in' },
    'knows no other word': { words: { class: 'standard', hold: 'True' }, want: 'none' },
  };
  for (const [sentence, { words, namespace, want }] of Object.entries(choices)) {
    it(`hold: ${sentence}`, () => {
      const facts = namespace === undefined ? null : namespaceFacts(namespace);

      assert.equal(intentOf(words, facts).hold.choice, want);
    });
  }

  it('takes defaults of an unmanaged namespace only for a workload that speaks to Lowtide', () => {
    const namespace = namespaceFacts({ residency: 'eu-strict', 'max-delay': 'nonsense' }, { managed: false });

    assert.deepEqual(intentOf({}, namespace).effective, {});
    assert.deepEqual(intentOf({}, namespace).problems, []);
    assert.equal(intentOf({ class: 'standard' }, namespace).effective['lowtide.dev/residency'], 'eu-strict');
  });

  it("takes an unmanaged namespace's class where the workload opts in itself", () => {
    const intent = intentOf({ hold: 'true' }, namespaceFacts({ class: 'standard' }, { managed: false }));

    assert.equal(intent.placement.workClass?.name, 'standard');
    assert.equal(intent.hold.maxDelay, HOUR);
  });

  it('writes down the limits that bind, so that the object alone tells them', () => {
    assert.deepEqual(intentOf({ class: 'deferrable' }, limited).effective, {
      'lowtide.dev/class': 'deferrable',
      'lowtide.dev/max-delay': '2h',
      'lowtide.dev/max-intensity': '200',
    });
    assert.deepEqual(intentOf({ class: 'standard' }, limited).effective, {
      'lowtide.dev/class': 'standard',
      'lowtide.dev/max-intensity': '200',
    });
  });

  it("leaves a namespace's budget of latency until somebody names an origin", () => {
    const namespace = namespaceFacts({ 'latency-budget': '60ms' });

    assert.deepEqual(intentOf({}, namespace).problems, []);
    assert.equal(intentOf({}, namespace).placement.latency, null);
    assert.deepEqual(intentOf({ 'latency-origin': 'us-east-1' }, namespace).placement.latency, {
      origin: 'us-east-1',
      budget: 60,
    });
  });

  it("leaves a namespace's deadline until somebody names a duration", () => {
    const namespace = namespaceFacts({ deadline });

    assert.deepEqual(intentOf({}, namespace).problems, []);
    assert.equal(intentOf({}, namespace).hold.deadline, null);
    assert.equal(intentOf({ 'expected-duration': '1h' }, namespace).hold.deadline, DUE);
  });

  it('reads what is no string as malformed', () => {
    const intent = intentOf({ class: 5, 'max-delay': true, hold: {} });

    assert.deepEqual(
      intent.problems.map(({ value }) => value),
      ['', '', ''],
    );
  });
});

describe('the message of a problem', () => {
  const messages: Record<string, { words: Words; namespace?: Words; want: string }> = {
    'names what a malformed value should be': {
      words: { 'max-delay': '6 hours' },
      want: 'annotation lowtide.dev/max-delay: "6 hours" is not accepted; accepted: a duration, e.g. "6h" or "1h30m"',
    },
    'names the class that bounds a delay': {
      words: { class: 'standard', 'max-delay': '6h' },
      namespace: { 'limit-max-delay': '2h' },
      want: 'annotation lowtide.dev/max-delay: "6h" is not accepted; accepted: a duration of at most 1h (limit: class standard of the policy)',
    },
    'names the namespace that bounds a delay': {
      words: { class: 'deferrable', 'max-delay': '6h' },
      namespace: { 'limit-max-delay': '2h' },
      want: 'annotation lowtide.dev/max-delay: "6h" is not accepted; accepted: a duration of at most 2h (limit: lowtide.dev/limit-max-delay of namespace team-a)',
    },
    'names the limit of an intensity': {
      words: { class: 'deferrable', 'max-intensity': '300' },
      want: 'annotation lowtide.dev/max-intensity: "300" is not accepted; accepted: gCO2eq/kWh, at most 250 (limit: class deferrable of the policy)',
    },
    'names the classes that there are': {
      words: { class: 'lazy' },
      want: 'annotation lowtide.dev/class: "lazy" is not accepted; accepted: a class: urgent, standard, deferrable',
    },
    'says what a deadline needs': {
      words: { deadline },
      want: 'annotation lowtide.dev/deadline: "2026-03-03T06:00:00Z" is not accepted; accepted: a time, with lowtide.dev/expected-duration beside it',
    },
    'names the namespace of a malformed default': {
      words: {},
      namespace: { 'max-delay': 'soon' },
      want: 'annotation lowtide.dev/max-delay of namespace team-a: "soon" is not accepted; accepted: a duration, e.g. "6h" or "1h30m"',
    },
    'names the namespace of a malformed limit': {
      words: {},
      namespace: { 'limit-max-intensity': 'low' },
      want: 'annotation lowtide.dev/limit-max-intensity of namespace team-a: "low" is not accepted; accepted: gCO2eq/kWh as a plain number, e.g. "200"',
    },
    'names the namespace that opts others in': {
      words: {},
      namespace: { hold: 'true' },
      want: 'annotation lowtide.dev/hold of namespace team-a: "true" is not accepted; accepted: "false"; only a workload itself may say "true"',
    },
    'keeps a long value short': {
      words: { hold: 'x'.repeat(5000) },
      want: `annotation lowtide.dev/hold: "${'x'.repeat(100)}…" is not accepted; accepted: "true" or "false"`,
    },
  };
  for (const [sentence, { words, namespace, want }] of Object.entries(messages)) {
    it(sentence, () => {
      const facts = namespace === undefined ? null : namespaceFacts(namespace);

      assert.deepEqual(intentOf(words, facts).problems.map(problemMessage), [want]);
    });
  }
});
