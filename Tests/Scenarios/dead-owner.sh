#!/usr/bin/env bash
# The owner of many addresses dies: whoever asks for an address is answered or refused soon, and is never parked.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

SKEIN_CONTROLLER_FLAGS="--node-grace 8" SKEIN_WORKER_FLAGS="--cluster-store-opt discovery.ttl=4" cluster_up --hosts 2 --store etcd

# soon COMMAND…: ends within 5 s, however it ends; its output is kept in OUTPUT.
soon() {
    local started status=0
    started=$(now_ms)
    OUTPUT=$(on node-1 timeout 5 "$@" 2>&1) || status=$?
    printf '%s s, status %s: %s\n%s\n' "$(seconds_since "$started")" "$status" "$*" "$OUTPUT"
    [ "$status" != 124 ] || { echo "this was parked: $*"; return 1; }
    return "$status"
}

refused() {
    local pattern=$1
    shift
    if soon "$@"; then echo "this should have been refused: $*"; return 1; fi
    expect_match "the refusal of: $*" "$pattern" "$OUTPUT"
}

# Of 13 addresses of a /28 beside the gateway's, 11 are the dead node's.
addresses_of_a_dead_owner() {
    local number
    on node-1 skein network create --subnet 10.77.0.0/28 crowded
    for number in $(seq 11); do on node-2 skein run -d --name "dead$number" --net crowded --ip "10.77.0.$((number + 1))" sleep 1h; done
    "$SKEIN_ROOT/scripts/cluster" kill node-2 host
    soon skein run -d --name alive --net crowded sleep 1h
    refused "10.77.0.5" skein run -d --name more --net crowded --ip 10.77.0.5 sleep 1h
    refused "dead3 already exists .*(host node-2|node [0-9a-f]+, which is gone)" skein run -d --name dead3 --net crowded sleep 1h
    soon skein run -d --name last --net crowded sleep 1h
    expect_match "the last address that was free" "10.77.0.14" "$(store_keys addresses/)"
    refused "no available IPv4 addresses" skein run -d --name more --net crowded sleep 1h
    refused "active endpoints" skein network rm crowded
    # Refused is not half done.
    expect_equal "endpoints" 13 "$(count_keys endpoints/)"
    expect_equal "sandboxes of node-1" 2 "$(on node-1 skein sandbox ls -q | wc -l)"
    eventually 40 "the address is to be had after the grace" on node-1 skein run -d --name heir --net crowded --ip 10.77.0.5 sleep 1h
    on node-1 skein run -d --name dead3 --net crowded sleep 1h
    on node-1 skein sandbox rm -f alive last heir dead3
    on node-1 skein network rm crowded
    expect_equal "addresses in the store" "" "$(store_keys addresses/)"
}

scenario "the owner of many addresses dies: others are answered or refused soon (lesson 17)" addresses_of_a_dead_owner
