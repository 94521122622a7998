#!/bin/sh
# Makes a cluster of the nodes given as IP:PORT, half of them masters; does nothing when they are one already. Nodes know
# each other by address, hence the fixed ones in docker-compose.yml.
set -eu

node() {
  redis-cli -h "${1%:*}" -p "${1#*:}" cluster info | tr -d '\r'
}

is_whole() {
  for address in "$@"; do node "$address" | grep -q '^cluster_state:ok$' || return 1; done
}

is_whole "$@" && exit 0
# Nodes that know each other are finding together again, after a start of all of them.
if ! node "$1" | grep -q '^cluster_known_nodes:1$'; then
  echo 'waiting for the nodes to find each other'
else
  redis-cli --cluster create "$@" --cluster-replicas 1 --cluster-yes
fi

tries=0
until is_whole "$@"; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo 'the cluster is not whole after a minute'; exit 1; }
  sleep 1
done
