import assert from 'node:assert/strict';
import { region } from '../../../../src/carbon/units.ts';
import { csvLine, HEADER } from '../../../../src/cli/replay/csv.ts';
import { pastJob } from '../../../../src/cli/replay/past-job.ts';
import type { PastJob, PastJobRules } from '../../../../src/cli/replay/past-job.ts';
import { CLASS, DEADLINE, ENERGY, POWER, PREFIX, REGIONS, RELEASED_AT } from '../../../../src/policy/annotations.ts';
import { lowtide } from '../../../support/manifests.ts';
import { pastJobObject } from '../../../support/past-jobs.ts';
import type { PastSketch } from '../../../support/past-jobs.ts';

const REGION_LABEL = 'topology.kubernetes.io/region';
const RULES: PastJobRules = {
  workClass: 'standard',
  residency: 'global',
  defaultPower: null,
  regionLabel: REGION_LABEL,
  ofNamespace: () => ({}),
  ranIn: () => null,
};
const ONE_CPU = { cpu: '1' };

function read(sketch: PastSketch, rules: Partial<PastJobRules> = {}): PastJob {
  const job = pastJob(pastJobObject('etl', sketch), { ...RULES, ...rules });
  if (typeof job === 'string') throw new Error(`left out: ${job}`);
  return job;
}

function lineOf(sketch: PastSketch, rules: Partial<PastJobRules> = {}): string {
  return csvLine(read(sketch, rules));
}

describe('a finished Job as a row of jobs.csv', () => {
  it('has the columns that lowtide simulate reads, in their order', () => {
    assert.equal(
      HEADER,
      'id,arrival,class,duration_min,energy_kwh,residency,home_region,interruptible,deadline,data_gb,data_region',
    );
  });

  it('arrives when it was created, and takes from start to completion', () => {
    const line = lineOf({ annotations: { [ENERGY]: '0.3kWh' } });

    assert.equal(line, 'team/etl,2026-03-02T11:58:00Z,standard,90,0.3,global,,false,,,');
  });

  it('says what its annotations say, its own over those of its template', () => {
    const line = lineOf({
      annotations: lowtide({ class: 'deferrable', residency: 'eu-strict', interruptible: 'true', energy: '2kWh' }),
      templateAnnotations: lowtide({
        class: 'urgent',
        deadline: '2026-03-02T20:00:00+01:00',
        'data-size': '50G',
        'data-region': 'eu-west-1',
      }),
    });

    assert.equal(
      line,
      'team/etl,2026-03-02T11:58:00Z,deferrable,90,2,eu-strict,,true,2026-03-02T19:00:00Z,50,eu-west-1',
    );
  });

  it("takes its namespace's words where it has none of its own", () => {
    const rules = { ofNamespace: (name: string) => (name === 'team' ? lowtide({ class: 'deferrable' }) : {}) };

    assert.equal(read({ requests: ONE_CPU }, rules).workClass, 'deferrable');
    assert.equal(read({ requests: ONE_CPU, annotations: { [CLASS]: 'urgent' } }, rules).workClass, 'urgent');
    assert.equal(read({ requests: ONE_CPU, namespace: 'other' }, rules).workClass, 'standard');
  });

  it('quotes what would break the line', () => {
    assert.match(lineOf({ requests: ONE_CPU, annotations: { [CLASS]: 'a,"b"' } }), /,"a,""b""",/);
  });

  it('reads no deadline that is none', () => {
    assert.equal(read({ requests: ONE_CPU, annotations: { [DEADLINE]: 'tomorrow' } }).deadline, null);
  });

  it('counts what Lowtide let it run before a pause', () => {
    const annotations = { [`${PREFIX}ran`]: '30m', [RELEASED_AT]: '2026-03-02T12:00:00Z' };

    assert.equal(read({ requests: ONE_CPU, annotations }).duration, 120 * 60_000);
  });

  describe('energy', () => {
    // One vCPU is (0.74 + 0.5 x (3.5 - 0.74)) W x 1.135 = 2.4062 W, a GB 0.44492 W; the run takes 1.5 h.
    const energies: Record<string, readonly [PastSketch, number, string]> = {
      'the annotation over all else': [
        { annotations: { [ENERGY]: '300Wh', [POWER]: '9kW' }, requests: ONE_CPU },
        0.3,
        'energy annotation',
      ],
      'power times duration': [{ annotations: { [POWER]: '200W' }, requests: ONE_CPU }, 0.3, 'power annotation'],
      'one vCPU': [{ requests: { cpu: '1000m' } }, 0.0036093, 'CPU and memory requests'],
      'one GB': [{ requests: { memory: '1G' } }, 0.00066738, 'CPU and memory requests'],
      'one vCPU in two pods at once': [
        { requests: ONE_CPU, spec: { parallelism: 2, completions: 8 } },
        0.0072186,
        'CPU and memory requests',
      ],
      'never more pods than completions': [
        { requests: ONE_CPU, spec: { parallelism: 5, completions: 1 } },
        0.0036093,
        'CPU and memory requests',
      ],
      "the pod's own requests over its containers'": [
        { requests: ONE_CPU, pod: { resources: { requests: { cpu: '2' } } } },
        0.0072186,
        'CPU and memory requests',
      ],
      'a sidecar, but no init container that ends': [
        {
          requests: ONE_CPU,
          pod: {
            initContainers: [
              { resources: { requests: { cpu: '7' } } },
              { restartPolicy: 'Always', resources: { requests: { cpu: '1' } } },
            ],
          },
        },
        0.0072186,
        'CPU and memory requests',
      ],
    };
    for (const [name, [sketch, kwh, source]] of Object.entries(energies)) {
      it(`is ${name}`, () => {
        const { energy } = read(sketch);

        assert.ok(Math.abs(energy.kwh - kwh) < 1e-9, String(energy.kwh));
        assert.equal(energy.source, source);
      });
    }

    it('is the default power where nothing tells', () => {
      assert.deepEqual(read({}, { defaultPower: 0.2 }).energy.source, '--default-power');
      assert.ok(Math.abs(read({}, { defaultPower: 0.2 }).energy.kwh - 0.3) < 1e-9);
    });
  });

  describe('home region', () => {
    const term = (...values: string[]) => ({
      matchExpressions: [{ key: REGION_LABEL, operator: 'In', values }],
    });
    const required = (...nodeSelectorTerms: object[]) => ({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    });
    const homes: Record<string, readonly [Record<string, unknown>, string | null]> = {
      'is the one that its selector names': [{ nodeSelector: { [REGION_LABEL]: 'eu-west-1' } }, 'eu-west-1'],
      'is the one that its affinity leaves': [required(term('eu-west-1'), term('eu-west-1')), 'eu-west-1'],
      'is where its pods ran, where affinity leaves several': [required(term('a', 'b')), 'us-east-1'],
      'is where its pods ran, where one term is about something else': [required(term('a'), {}), 'us-east-1'],
      'is where its pods ran, where it says nothing': [{}, 'us-east-1'],
    };
    for (const [name, [pod, home]] of Object.entries(homes)) {
      it(name, () => {
        assert.equal(read({ requests: ONE_CPU, pod }, { ranIn: () => region('us-east-1') }).home, home);
      });
    }
  });

  describe('is left out', () => {
    const left: Record<string, readonly [unknown, string]> = {
      'while it runs': [pastJobObject('etl', { status: { startTime: '2026-03-02T12:00:00Z' } }), 'not-finished'],
      'when it failed': [
        pastJobObject('etl', { status: { conditions: [{ type: 'Failed', status: 'True' }] } }),
        'failed',
      ],
      'without times': [
        pastJobObject('etl', { status: { conditions: [{ type: 'Complete', status: 'True' }] } }),
        'no-times',
      ],
      'when it took no second': [
        pastJobObject('etl', {
          requests: ONE_CPU,
          status: {
            startTime: '2026-03-02T12:00:00Z',
            completionTime: '2026-03-02T12:00:00Z',
            conditions: [{ type: 'Complete', status: 'True' }],
          },
        }),
        'no-times',
      ],
      'when nothing tells its energy': [pastJobObject('etl'), 'no-energy'],
      'when it is no Job': [{ kind: 'Pod' }, 'not-a-job'],
    };
    for (const [name, [object, reason]] of Object.entries(left)) {
      it(name, () => {
        assert.equal(pastJob(object, RULES), reason);
      });
    }
  });

  it('is remarked on where the row cannot tell all of it', () => {
    const conditions = [
      { type: 'Suspended', status: 'False' },
      { type: 'Complete', status: 'True' },
    ];
    const status = { startTime: '2026-03-02T12:00:00Z', completionTime: '2026-03-02T13:30:00Z', conditions };
    const annotations = { [REGIONS]: 'eu-west-1' };

    assert.deepEqual(read({ requests: ONE_CPU, annotations, status }).remarks, ['was-suspended', 'regions-lost']);
    const released = { [RELEASED_AT]: '2026-03-02T12:00:00Z' };
    assert.deepEqual(read({ requests: ONE_CPU, annotations: released, status }).remarks, []);
  });
});
