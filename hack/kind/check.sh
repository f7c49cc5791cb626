#!/usr/bin/env bash
# Checks what can be checked of hack/kind without Docker: all shell scripts by shellcheck, cluster.yaml by kind's own types.
# Ends with 77 where it could not check all of it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
missing=()

if command -v shellcheck >/dev/null; then
  shellcheck "$here"/*.sh "$here"/../controlplane/*.sh "$here"/../../.ci/run
  echo "shellcheck: no findings"
else
  missing+=(shellcheck)
fi
if command -v go >/dev/null; then
  GOWORK=off go -C "$here/check" run . "$here/cluster.yaml"
else
  missing+=(go)
fi

if ((${#missing[@]})); then
  echo "skipped, since not installed: ${missing[*]}"
  exit 77
fi
