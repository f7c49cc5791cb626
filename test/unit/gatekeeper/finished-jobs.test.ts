import assert from 'node:assert/strict';
import { CLASS, RAN } from '../../../src/policy/annotations.ts';
import { FinishedJobs } from '../../../src/service/gatekeeper/finished-jobs.ts';
import { Scene } from '../../support/gatekeeper.ts';
import { HOUR } from '../../support/intents.ts';
import { FakeRunningJobs, later } from '../../support/running-jobs.ts';

describe('FinishedJobs', () => {
  const around = new Scene();
  let told: [string, number][];
  let jobs: FakeRunningJobs;
  let finished: FinishedJobs;
  beforeEach(() => {
    told = [];
    jobs = new FakeRunningJobs(around);
    finished = new FinishedJobs((workClass, ran) => told.push([workClass, ran]));
  });
  const now = around.time.now();
  const complete = {
    running: false,
    completed: later(now, HOUR),
    annotations: { [CLASS]: 'deferrable', [RAN]: '30m' },
  };

  it('tells of a Job that completes, all its runs together, once', () => {
    finished.follow(jobs.running);
    jobs.put('a');
    jobs.put('a', complete);
    jobs.put('a', {});

    assert.deepEqual(told, [['deferrable', 1.5 * HOUR]]);
  });

  it('tells of those that had completed before, whichever index has them', () => {
    const others = new FakeRunningJobs(around);
    jobs.put('a', complete);
    others.put('a', complete);
    others.put('b', { ...complete, annotations: { [CLASS]: 'urgent' } });

    finished.follow(jobs.running);
    finished.follow(others.running);

    assert.deepEqual(told, [
      ['deferrable', 1.5 * HOUR],
      ['urgent', HOUR],
    ]);
  });

  it('says nothing of what failed, has no class, or never ran', () => {
    finished.follow(jobs.running);
    jobs.put('failed', { ...complete, completed: null });
    jobs.put('plain', { ...complete, annotations: {} });
    jobs.put('odd', { ...complete, started: null });

    assert.deepEqual(told, []);
  });
});
