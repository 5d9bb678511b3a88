#!/usr/bin/env bash
# Stale entries black-hole traffic: an endpoint that moves is reachable at once, and what was tampered with is repaired.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 3 --store etcd

endpoint_moves_with_its_address() {
    local round host=2
    on node-1 skein network create --subnet 10.66.0.0/24 moving
    on node-1 skein run -d --name fixed --net moving sleep 1h
    on node-2 skein run -d --name mover --net moving --ip 10.66.0.99 sleep 1h
    for round in 1 2 3 4; do
        eventually 10 "mover answers" on node-1 skein sandbox exec fixed ping -c 1 -W 1 10.66.0.99
        on "node-$host" skein sandbox rm -f mover
        host=$((5 - host))
        on "node-$host" skein run -d --name mover --net moving --ip 10.66.0.99 sleep 1h
    done
    eventually 10 "mover answers at its last host" on node-1 skein sandbox exec fixed ping -c 1 -W 1 mover
}

tampered_entries_are_repaired() {
    local namespace
    namespace=$(network_namespace node-1 moving)
    on node-1 ip -n "$namespace" neigh replace 10.66.0.99 lladdr 02:00:00:00:00:01 dev br0 nud permanent
    eventually 30 "the neighbour is repaired" has_neighbour "$namespace" 10.66.0.99 02:42:0a:42:00:63
    eventually 30 "the mover answers" on node-1 skein sandbox exec fixed ping -c 1 -W 1 10.66.0.99
    on node-1 ip netns exec "$namespace" bridge fdb del 02:42:0a:42:00:63 dev vxlan0 self
    eventually 30 "the FDB entry is repaired" on node-1 skein sandbox exec fixed ping -c 1 -W 1 10.66.0.99
    on node-1 ip netns exec "$namespace" bridge fdb add 02:42:0a:42:00:77 dev vxlan0 dst 10.98.0.103 self
    eventually 30 "a foreign FDB entry is removed" fdb_lacks "$namespace" 02:42:0a:42:00:77
}

has_neighbour() {
    [[ $(on node-1 ip -n "$1" neigh show "$2" dev br0) == *"lladdr $3"* ]]
}

fdb_lacks() {
    [ -z "$(on node-1 ip netns exec "$1" bridge fdb show dev vxlan0 | grep "$2")" ]
}

scenario "an endpoint that moves with its address is reachable (lesson 6)" endpoint_moves_with_its_address
scenario "entries that were tampered with are repaired (lesson 6)" tampered_entries_are_repaired
