import assert from 'node:assert/strict';
import { labelMatches, nodeMatches, nodeSuits } from '../../../src/placement/node-selector.ts';
import type {
  NodeRequirement,
  NodeSelectorTerm,
  PodScheduling,
  Taint,
  Toleration,
} from '../../../src/placement/types.ts';
import { isIn, required, scheduling, term } from '../../support/hold.ts';
import { nodeFacts } from '../../support/world.ts';

const LABELS = { disk: 'ssd', cpus: '16', 'topology.kubernetes.io/region': 'eu-west-1' };
const NODE = { ...nodeFacts('node-1', 'eu-west-1'), labels: LABELS };

describe('labelMatches', () => {
  const cases: Record<string, { of: NodeRequirement; want: boolean }> = {
    'In: one of the values': { of: isIn('disk', 'hdd', 'ssd'), want: true },
    'In: none of the values': { of: isIn('disk', 'hdd'), want: false },
    'In: the label is absent': { of: isIn('gpu', 'yes'), want: false },
    'In: no values': { of: isIn('disk'), want: false },
    'NotIn: none of the values': { of: { key: 'disk', operator: 'NotIn', values: ['hdd'] }, want: true },
    'NotIn: one of the values': { of: { key: 'disk', operator: 'NotIn', values: ['hdd', 'ssd'] }, want: false },
    'NotIn: the label is absent': { of: { key: 'gpu', operator: 'NotIn', values: ['yes'] }, want: true },
    'NotIn: no values cannot be parsed': { of: { key: 'disk', operator: 'NotIn', values: [] }, want: false },
    'Exists: the label is there': { of: { key: 'disk', operator: 'Exists' }, want: true },
    'Exists: the label is absent': { of: { key: 'gpu', operator: 'Exists' }, want: false },
    'Exists: with values cannot be parsed': { of: { key: 'disk', operator: 'Exists', values: ['ssd'] }, want: false },
    'DoesNotExist: the label is absent': { of: { key: 'gpu', operator: 'DoesNotExist' }, want: true },
    'DoesNotExist: the label is there': { of: { key: 'disk', operator: 'DoesNotExist' }, want: false },
    'DoesNotExist: with values cannot be parsed': {
      of: { key: 'gpu', operator: 'DoesNotExist', values: ['yes'] },
      want: false,
    },
    'Gt: greater': { of: { key: 'cpus', operator: 'Gt', values: ['15'] }, want: true },
    'Gt: equal': { of: { key: 'cpus', operator: 'Gt', values: ['16'] }, want: false },
    'Gt: by number, not by letters': { of: { key: 'cpus', operator: 'Gt', values: ['9'] }, want: true },
    'Gt: the label is absent': { of: { key: 'gpus', operator: 'Gt', values: ['0'] }, want: false },
    'Gt: the label is no whole number': { of: { key: 'disk', operator: 'Gt', values: ['0'] }, want: false },
    'Gt: the value is no whole number': { of: { key: 'cpus', operator: 'Gt', values: ['1.5'] }, want: false },
    'Lt: the value is beyond 64 bits': {
      of: { key: 'cpus', operator: 'Lt', values: ['9223372036854775808'] },
      want: false,
    },
    'Gt: several values cannot be parsed': { of: { key: 'cpus', operator: 'Gt', values: ['1', '2'] }, want: false },
    'Lt: less': { of: { key: 'cpus', operator: 'Lt', values: ['17'] }, want: true },
    'Lt: less than the largest of 64 bits': {
      of: { key: 'cpus', operator: 'Lt', values: ['9223372036854775807'] },
      want: true,
    },
    'Lt: equal': { of: { key: 'cpus', operator: 'Lt', values: ['16'] }, want: false },
    'an operator that is not known': { of: { key: 'disk', operator: 'Like', values: ['s*'] }, want: false },
    'a label named like a method of objects': { of: { key: 'constructor', operator: 'Exists' }, want: false },
  };
  for (const [sentence, { of, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(labelMatches(LABELS, of), want);
    });
  }
});

describe('nodeMatches', () => {
  const byName = (operator: string, ...values: string[]): NodeSelectorTerm => ({
    matchFields: [{ key: 'metadata.name', operator, values }],
  });
  const cases: Record<string, { terms: readonly NodeSelectorTerm[]; want: boolean }> = {
    'matches by any of its terms': { terms: [term(isIn('disk', 'hdd')), term(isIn('disk', 'ssd'))], want: true },
    'matches a term only by all its requirements': {
      terms: [term(isIn('disk', 'ssd'), isIn('cpus', '8'))],
      want: false,
    },
    'matches nothing by an empty list': { terms: [], want: false },
    'matches nothing by an empty term': { terms: [{}], want: false },
    'matches nothing by a term of empty lists': { terms: [{ matchExpressions: [], matchFields: [] }], want: false },
    'passes over an empty term': { terms: [{}, term(isIn('disk', 'ssd'))], want: true },
    'passes over a term that cannot be parsed': {
      terms: [term({ key: 'disk', operator: 'Like', values: ['s'] }), term(isIn('disk', 'ssd'))],
      want: true,
    },
    'matches by name': { terms: [byName('In', 'node-1')], want: true },
    'does not match by another name': { terms: [byName('In', 'node-2')], want: false },
    'matches by a name that it does not have': { terms: [byName('NotIn', 'node-2')], want: true },
    'does not match by its own name excluded': { terms: [byName('NotIn', 'node-1')], want: false },
    'does not match by two names, which cannot be parsed': { terms: [byName('In', 'node-1', 'node-2')], want: false },
    'does not match by another field': {
      terms: [{ matchFields: [{ key: 'metadata.uid', operator: 'NotIn', values: ['1'] }] }],
      want: false,
    },
    'matches labels and name together': {
      terms: [{ ...byName('In', 'node-1'), ...term(isIn('disk', 'hdd')) }],
      want: false,
    },
  };
  for (const [sentence, { terms, want }] of Object.entries(cases)) {
    it(sentence, () => {
      assert.equal(nodeMatches(NODE, terms), want);
    });
  }
});

describe('nodeSuits', () => {
  const spot: Taint = { key: 'spot', value: 'yes', effect: 'NoSchedule' };
  const dying: Taint = { key: 'dying', value: '', effect: 'NoExecute' };
  const tolerating = (...tolerations: Toleration[]): Partial<PodScheduling> => ({ tolerations });
  const cases: Record<string, { pod?: Partial<PodScheduling>; taints?: readonly Taint[]; want: boolean }> = {
    'a pod that asks for nothing': { want: true },
    'a nodeSelector that the labels satisfy': { pod: { nodeSelector: { disk: 'ssd', cpus: '16' } }, want: true },
    'a nodeSelector that one label does not': { pod: { nodeSelector: { disk: 'ssd', cpus: '8' } }, want: false },
    'required affinity that matches': { pod: { nodeAffinity: required(term(isIn('disk', 'ssd'))) }, want: true },
    'required affinity that does not': { pod: { nodeAffinity: required(term(isIn('disk', 'hdd'))) }, want: false },
    'required affinity beside a nodeSelector: both count': {
      pod: { nodeSelector: { cpus: '8' }, nodeAffinity: required(term(isIn('disk', 'ssd'))) },
      want: false,
    },
    'preferred affinity alone binds nothing': {
      pod: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term(isIn('disk', 'hdd')) }],
        },
      },
      want: true,
    },
    'a taint that is not tolerated': { taints: [spot], want: false },
    'a taint tolerated by its value': { pod: tolerating({ key: 'spot', value: 'yes' }), taints: [spot], want: true },
    'a taint of another value': { pod: tolerating({ key: 'spot', value: 'no' }), taints: [spot], want: false },
    'a taint without value, tolerated by none': { pod: tolerating({ key: 'dying' }), taints: [dying], want: true },
    'a taint tolerated by its key alone': {
      pod: tolerating({ key: 'spot', operator: 'Exists' }),
      taints: [spot],
      want: true,
    },
    'a taint of another key': { pod: tolerating({ key: 'gpu', operator: 'Exists' }), taints: [spot], want: false },
    'every taint tolerated without a key': {
      pod: tolerating({ operator: 'Exists' }),
      taints: [spot, dying],
      want: true,
    },
    'a taint tolerated for its effect': {
      pod: tolerating({ key: 'spot', operator: 'Exists', effect: 'NoSchedule' }),
      taints: [spot],
      want: true,
    },
    'a taint tolerated for another effect only': {
      pod: tolerating({ key: 'spot', operator: 'Exists', effect: 'NoExecute' }),
      taints: [spot],
      want: false,
    },
    'a taint by an operator that is not known': {
      pod: tolerating({ key: 'spot', operator: 'Like', value: 'yes' }),
      taints: [spot],
      want: false,
    },
    'one of two taints that is not tolerated': {
      pod: tolerating({ key: 'spot', operator: 'Exists' }),
      taints: [spot, dying],
      want: false,
    },
  };
  for (const [sentence, { pod = {}, taints = [], want }] of Object.entries(cases)) {
    it(`${want ? 'accepts' : 'refuses'}: ${sentence}`, () => {
      assert.equal(nodeSuits({ ...NODE, taints }, scheduling(pod)), want);
    });
  }
});
