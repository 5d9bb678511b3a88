#!/usr/bin/env bash
# The store or the controller is killed: the data plane goes on, what was acknowledged is there afterwards.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 2 --store "${SCENARIO_STORE:-etcd}"

data_plane_outlives() {
    local part=$1
    on node-1 skein network create "over-$part"
    on node-1 skein run -d --name left --net "over-$part" sleep 1h
    on node-2 skein run -d --name right --net "over-$part" sleep 1h
    eventually 10 "right resolves on node-1" on node-1 skein sandbox exec left getent hosts right
    on node-1 skein sandbox exec left ping -q -i 0.01 -c 600 right >"$CLUSTER_DIR/ping.log" &
    sleep 1
    kill_part node-0 "$part"
    on node-1 skein sandbox exec left getent hosts right
    sleep 1
    start_again node-0 "$part"
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    expect_equal "endpoints" 2 "$(count_keys endpoints/)"
    eventually 20 "a third sandbox starts" on node-2 skein run -d --name third --net "over-$part" sleep 1h
    eventually 10 "left reaches it" on node-1 skein sandbox exec left ping -c 1 -W 1 third
    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right third
    eventually 10 "the network goes" on node-1 skein network rm "over-$part"
}

store_dies() { data_plane_outlives store; }
controller_dies() { data_plane_outlives controller; }

# Attaches while the store is killed again and again: each name whose attach was acknowledged must be in the store.
acknowledged_attaches_stay() {
    local number round
    on node-1 skein network create durable
    (
        for number in $(seq 40); do
            if on node-1 skein run -d --name "d$number" --net durable sleep 1h; then echo "d$number" >>"$CLUSTER_DIR/acknowledged"; fi
        done
    ) >"$CLUSTER_DIR/durable.log" 2>&1 &
    for round in 1 2 3; do
        sleep 0.4
        kill_part node-0 store
        start_again node-0 store
    done
    wait
    for number in $(cat "$CLUSTER_DIR/acknowledged"); do
        on node-1 skein sandbox exec "$number" true
    done
    store_keys names/ | sed 's|.*/||' | sort >"$CLUSTER_DIR/names"
    expect_equal "acknowledged names that the store lost" "" "$(sort "$CLUSTER_DIR/acknowledged" | comm -23 - "$CLUSTER_DIR/names")"
    expect_equal "addresses" "$(($(count_keys endpoints/) + 1))" "$(count_keys addresses/)"
}

changes_fail_soon_without_a_store() {
    local started
    kill_part node-0 store
    started=$(now_ms)
    fails on node-1 skein network create nowhere
    [ $(($(now_ms) - started)) -lt 15000 ] || { echo "the refusal took $(seconds_since "$started") s"; return 1; }
    expect_match "the cause" "store|2379" "$OUTPUT"
    start_again node-0 store
}

scenario "the store is killed: packets, names and endpoints stay (lesson 10)" store_dies
scenario "the controller is killed: packets, names and endpoints stay" controller_dies
scenario "attaches that were acknowledged survive kills of the store" acknowledged_attaches_stay
scenario "without a store a change fails soon and says why (lesson 10)" changes_fail_soon_without_a_store
