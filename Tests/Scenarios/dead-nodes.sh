#!/usr/bin/env bash
# A node that never comes back: its endpoints go after the grace, and so may the network.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

SKEIN_CONTROLLER_FLAGS="--node-grace 3" SKEIN_WORKER_FLAGS="--cluster-store-opt discovery.ttl=4" cluster_up --hosts 2 --store etcd

network_goes_after_the_grace() {
    on node-1 skein network create mourned
    on node-1 skein run -d --name alive --net mourned sleep 1h
    on node-2 skein run -d --name dead --net mourned sleep 1h
    eventually 10 "dead resolves on node-1" on node-1 skein sandbox exec alive getent hosts dead
    kill_part node-2 worker
    eventually 20 "the name of the dead node's sandbox goes" name_is_gone alive dead
    on node-1 skein sandbox rm -f alive
    eventually 30 "the network can be removed" on node-1 skein network rm mourned
    expect_equal "keys of addresses" "" "$(store_keys addresses/)"
}

name_is_gone() {
    ! on node-1 skein sandbox exec "$1" getent hosts "$2"
}

# It was reaped while it was away: it must not keep what is no longer its own, and work again.
node_returns_after_the_grace() {
    start_again node-2 worker
    eventually 20 "nothing of the removed network is left on node-2" lacks_network_namespaces node-2
    on node-2 skein network create anew
    on node-2 skein run -d --name back --net anew sleep 1h
    on node-2 skein sandbox rm -f back
    on node-2 skein network rm anew
}

lacks_network_namespaces() {
    [ -z "$(namespaces "$1" | grep '^skein-')" ]
}

scenario "a node dies for ever: the network can be removed after the grace (lessons 1 and 7)" network_goes_after_the_grace
scenario "a node that returns after it was reaped starts clean" node_returns_after_the_grace
