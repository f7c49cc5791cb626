import assert from 'node:assert/strict';
import { createEvent, eventObject } from '../../../src/kubernetes/events.ts';
import type { WorkEvent } from '../../../src/kubernetes/events.ts';
import { member, metadataText } from '../../../src/kubernetes/untyped.ts';
import { ObjectServer } from '../../support/object-server.ts';
import { NOW } from '../../support/world.ts';

const EVENT: WorkEvent = {
  work: { kind: 'job', namespace: 'team', name: 'etl', uid: 'u-1' },
  action: 'Released',
  reason: 'intensity-below-threshold',
  note: 'released into north',
  type: 'Normal',
  at: NOW,
  reportingInstance: 'lowtide-0',
};
const nameOf = (event: WorkEvent): string => metadataText(eventObject(event), 'name') ?? '';

describe('createEvent', () => {
  let server: ObjectServer;
  const patience = { signal: new AbortController().signal, silence: 5_000 };
  const create = () => createEvent(server.access, EVENT, patience);

  beforeEach(async () => {
    server = await ObjectServer.start();
  });

  afterEach(() => server.stop());

  it('writes what events.k8s.io/v1 wants, and nothing of the old kind', async () => {
    assert.equal(await create(), 'written');

    const [request] = server.requests;
    assert.equal(request?.path, '/apis/events.k8s.io/v1/namespaces/team/events');
    assert.deepEqual(request.body, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: nameOf(EVENT), namespace: 'team' },
      eventTime: '2026-03-02T12:00:00.000000Z',
      reportingController: 'lowtide.dev/lowtide',
      reportingInstance: 'lowtide-0',
      action: 'Released',
      reason: 'intensity-below-threshold',
      type: 'Normal',
      regarding: { apiVersion: 'batch/v1', kind: 'Job', namespace: 'team', name: 'etl', uid: 'u-1' },
      note: 'released into north',
    });
  });

  it('makes no second one when it is written again', async () => {
    assert.deepEqual([await create(), await create()], ['written', 'written']);

    assert.equal(server.objects.size, 1);
  });

  it('names it by work, action, reason and occasion, and by nothing else', () => {
    const other = { ...EVENT, note: 'x', at: 0 as WorkEvent['at'], reportingInstance: 'lowtide-1' };
    const changed: WorkEvent[] = [
      { ...EVENT, action: 'Held' },
      { ...EVENT, reason: 'no-signal' },
      { ...EVENT, occasion: '2' },
      { ...EVENT, work: { ...EVENT.work, uid: 'u-2' } },
    ];

    assert.equal(nameOf(other), nameOf(EVENT));
    assert.match(nameOf(EVENT), /^etl\.[0-9a-f]{16}$/);
    assert.equal(new Set([EVENT, ...changed].map(nameOf)).size, 5);
  });

  it('keeps the name of long work a valid one', () => {
    const name = nameOf({ ...EVENT, work: { ...EVENT.work, name: `${'a'.repeat(235)}-${'b'.repeat(17)}` } });

    assert.match(name, /^[a-z0-9]+\.[0-9a-f]{16}$/);
    assert.ok(name.length <= 253);
  });

  const notes: Record<string, { note: string; want: number }> = {
    'a short one whole': { note: 'ü', want: 2 },
    'the longest one whole': { note: 'x'.repeat(1024), want: 1024 },
    'a longer one cut': { note: 'x'.repeat(1025), want: 1024 },
    'no character cut in two': { note: `x${'ü'.repeat(600)}`, want: 1023 },
  };
  for (const [name, { note, want }] of Object.entries(notes)) {
    it(`sends of notes ${name}`, () => {
      const sent = String(member(eventObject({ ...EVENT, note }), 'note'));

      assert.equal(Buffer.byteLength(sent), want);
      assert.ok(note.startsWith(sent));
    });
  }

  it('drops what concerns a namespace that is gone or goes', async () => {
    const causes = [{ reason: 'NamespaceTerminating' }];
    server.intercept = () => ({ status: 403, body: { message: 'no', details: { causes } } });
    const terminating = await create();
    server.intercept = () => ({ status: 404 });

    assert.deepEqual([terminating, await create()], ['dropped', 'dropped']);
  });

  it('throws anything else, to be tried again', async () => {
    server.intercept = () => ({ status: 403 });
    await assert.rejects(create(), { code: 'forbidden', retryable: true });
    server.intercept = () => ({ status: 500 });
    await assert.rejects(create(), { code: 'server-error', retryable: true });
    server.intercept = () => ({ status: 409, body: { reason: 'Conflict', message: 'quota' } });
    await assert.rejects(create(), { code: 'conflict', retryable: true });
  });
});
