#!/usr/bin/env bash
# Many containers at once on real engines: none fails, no address is given twice.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/containers.sh"

cluster_up --hosts 2 --store etcd --engine docker

# crowd ACTION: eight on each of two engines at once; what fails is in crowd.err.
crowd() {
    local number jobs=()
    rm -f "$CLUSTER_DIR/crowd.err"
    for number in $(seq 16); do
        "$1" "node-$((number % 2 + 1))" "crowd$number" >/dev/null 2>>"$CLUSTER_DIR/crowd.err" &
        jobs+=($!)
    done
    wait "${jobs[@]}"
    expect_equal "errors that users saw" "" "$(cat "$CLUSTER_DIR/crowd.err")"
}

start_one() { container "$1" "$2" crowd; }
stop_one() { on "$1" docker stop "$2"; }
start_one_again() { in_time "$1" docker start "$2"; }
remove_one() { remove "$1" "$2"; }

# addresses: of all sixteen, in their order.
addresses() {
    local number
    for number in $(seq 16); do address_in "node-$((number % 2 + 1))" "crowd$number" crowd; done
}

sixteen_at_once() {
    make_network node-1 crowd
    crowd start_one
    expect_equal "different addresses" 16 "$(addresses | sort -u | grep -c '^[0-9]')"
    nothing_is_stale
    all_names_work
}

all_names_work() {
    local number
    for number in $(seq 16); do
        resolves_to node-1 crowd2 "crowd$number" "$(address_in "node-$((number % 2 + 1))" "crowd$number" crowd)"
        reaches node-1 crowd2 "crowd$number"
        reaches node-2 crowd1 "crowd$number"
    done
}

stopped_and_started_at_once() {
    local round
    for round in 1 2; do
        crowd stop_one
        eventually 10 "the store has no endpoint" has_no_endpoints
        crowd start_one_again
        expect_equal "different addresses" 16 "$(addresses | sort -u | grep -c '^[0-9]')"
        nothing_is_stale
    done
    all_names_work
}

has_no_endpoints() {
    [ "$(count_keys endpoints/)" = 0 ]
}

# Both engines are killed and start all their containers at once: the addresses that a host's containers had are theirs again, if not each its own.
engines_killed() {
    local before host
    for host in node-1 node-2; do
        # shellcheck disable=SC2016 # expanded on the host
        on "$host" bash -c 'docker update --restart always $(docker ps --quiet)'
    done
    before=$(addresses | sort)
    for host in node-1 node-2; do kill_part "$host" engine; done
    for host in node-1 node-2; do start_again "$host" engine; done
    eventually 30 "all run again" all_run
    expect_equal "the addresses" "$before" "$(addresses | sort)"
    nothing_is_stale
    all_names_work
}

all_run() {
    [ "$(on node-1 docker ps --quiet | wc -l) $(on node-2 docker ps --quiet | wc -l)" = "8 8" ]
}

removed_at_once() {
    crowd remove_one
    nothing_is_stale
    expect_equal "addresses in the store, of which one is the gateway's" 1 "$(count_keys addresses/)"
    drop_network node-2 crowd
    eventually 10 "no namespace or interface on any host" nothing_left node-1 node-2
}

scenario "sixteen containers start at once on two engines: none fails, no address is given twice (lessons 4 and 11)" sixteen_at_once
scenario "sixteen containers stop and start at once" stopped_and_started_at_once
scenario "two engines are killed with eight containers each: all run again with the same addresses" engines_killed
scenario "sixteen containers go at once and leave nothing (lesson 3)" removed_at_once
