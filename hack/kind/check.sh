#!/usr/bin/env bash
# Checks what can be checked of hack/kind without Docker: the scripts by shellcheck, cluster.yaml by kind's own types.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if command -v shellcheck >/dev/null; then
  shellcheck "$here"/*.sh "$here"/../controlplane/*.sh
  echo "shellcheck: no findings"
else
  echo "shellcheck is not installed: scripts not checked" >&2
fi
GOWORK=off go -C "$here/check" run . "$here/cluster.yaml"
