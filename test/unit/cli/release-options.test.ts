import assert from 'node:assert/strict';
import { releaseOptions } from '../../../src/cli/release/options.ts';
import type { ReleaseFlags } from '../../../src/cli/release/options.ts';

describe('releaseOptions', () => {
  const REFUSED: readonly (readonly [string, readonly string[], ReleaseFlags, RegExp])[] = [
    ['nothing named', [], {}, /nothing named: give job\/NAME or pod\/NAME, or --all/],
    ['names beside --all', ['job/a'], { all: true }, /name objects or give --all, not both/],
    ['another kind', ['deployment/a'], {}, /deployment\/a: expected job\/NAME or pod\/NAME/],
    ['a path for a name', ['pod/../a'], {}, /pod\/\.\.\/a: expected job\/NAME/],
    ['--all-namespaces with names', ['job/a'], { allNamespaces: true }, /--all-namespaces goes with --all/],
    ['two scopes', [], { all: true, allNamespaces: true, namespace: 'a' }, /--namespace or --all-namespaces, not both/],
    ['--grace alone', [], { all: true, grace: '5s' }, /--grace goes with --overdue/],
    ['a malformed grace', [], { all: true, overdue: true, grace: 'soon' }, /--grace soon: expected a duration/],
  ];
  for (const [what, names, flags, want] of REFUSED) {
    it(`refuses ${what}`, () => {
      assert.throws(() => releaseOptions(names, flags), want);
    });
  }

  it('says all that is wrong at once', () => {
    assert.throws(
      () => releaseOptions(['x', 'y'], { grace: 'soon' }),
      ({ lines }: { lines: readonly string[] }) => lines.length === 4,
    );
  });

  it('takes names apart', () => {
    const { targets } = releaseOptions(['job/etl', 'pod/a.b-1'], {});

    assert.deepEqual(targets, [
      { kind: 'job', name: 'etl' },
      { kind: 'pod', name: 'a.b-1' },
    ]);
  });

  it('allows overdue work a minute unless told', () => {
    assert.equal(releaseOptions([], { all: true, overdue: true }).overdueBy, 60_000);
    assert.equal(releaseOptions([], { all: true, overdue: true, grace: '2m' }).overdueBy, 120_000);
    assert.equal(releaseOptions([], { all: true }).overdueBy, null);
  });
});
