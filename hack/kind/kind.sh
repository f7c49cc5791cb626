#!/usr/bin/env bash
# A kind cluster whose scheduler calls a Lowtide on this machine. See README.md beside this file.
set -euo pipefail

usage() {
  cat >&2 <<'USAGE'
hack/kind/kind.sh COMMAND
  up                make the cluster; does nothing where it stands
  down              remove it, its network and its folder
  kubeconfig FILE   write its kubeconfig into FILE
  host-address      print the address under which the cluster reaches this machine
  scheduler         write the scheduler's configuration anew and restart the scheduler
Environment:
  LOWTIDE_KIND_NAME       name of the cluster (lowtide)
  LOWTIDE_KIND_SCHEDULER  a configuration with an extender (config/scheduler/all-pods.yaml)
  LOWTIDE_KIND_PORT       port of Lowtide's extender on this machine (9480)
  KIND_NODE_IMAGE         node image; left out, kind's own default
USAGE
  exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=${LOWTIDE_KIND_NAME:-lowtide}
network=lowtide-kind
folder=${XDG_CACHE_HOME:-$HOME/.cache}/lowtide/kind/$name
# A network of our own: its gateway, which is how a node reaches this machine, is then known before the cluster is made,
# and kind's shared network stays as it was.
export KIND_EXPERIMENTAL_DOCKER_NETWORK=$network

# kind from the PATH, else built from the Go module that check/ pins.
kind() {
  if command -v kind >/dev/null; then
    command kind "$@"
  else
    go -C "$here/check" tool kind "$@"
  fi
}

stands() {
  kind get clusters 2>/dev/null | grep -qxF "$name"
}

host_address() {
  if [[ $(uname -s) == Darwin ]]; then
    echo host.docker.internal
    return
  fi
  docker network inspect "$network" --format '{{ (index .IPAM.Config 0).Gateway }}'
}

write_scheduler() {
  local source=${LOWTIDE_KIND_SCHEDULER:-$here/../../config/scheduler/all-pods.yaml}
  local url
  url=http://$(host_address):${LOWTIDE_KIND_PORT:-9480}
  mkdir -p "$folder"
  sed -E "s#urlPrefix: https?://[^/]+#urlPrefix: $url#" "$source" >"$folder/scheduler.yaml"
  echo "the scheduler will call $url" >&2
}

up() {
  if stands; then
    echo "kind cluster $name stands already" >&2
    return
  fi
  docker network inspect "$network" >/dev/null 2>&1 || docker network create "$network" >/dev/null
  write_scheduler
  sed "s#LOWTIDE_KIND_FOLDER#$folder#" "$here/cluster.yaml" >"$folder/cluster.yaml"
  local image=()
  if [[ -n ${KIND_NODE_IMAGE:-} ]]; then image=(--image "$KIND_NODE_IMAGE"); fi
  kind create cluster --name "$name" --config "$folder/cluster.yaml" --kubeconfig "$folder/kubeconfig" \
    --wait 120s ${image[@]+"${image[@]}"} >&2
}

down() {
  if stands; then kind delete cluster --name "$name" --kubeconfig "$folder/kubeconfig" >&2; fi
  docker network rm "$network" >/dev/null 2>&1 || true
  rm -rf "$folder"
}

# kubelet starts a static pod anew when its manifest comes back.
restart_scheduler() {
  write_scheduler
  docker exec "$name-control-plane" sh -c \
    'cd /etc/kubernetes && mv manifests/kube-scheduler.yaml . && sleep 5 && mv kube-scheduler.yaml manifests/'
}

case "${1:-}:$#" in
  up:1) up ;;
  down:1) down ;;
  kubeconfig:2) kind get kubeconfig --name "$name" >"$2" ;;
  host-address:1) host_address ;;
  scheduler:1) restart_scheduler ;;
  *) usage ;;
esac
