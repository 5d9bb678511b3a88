#!/usr/bin/env bash
# Clocks that are wrong: leases are kept and lost by monotonic clocks, and nobody's address depends on either.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

SKEIN_WORKER_FLAGS="--cluster-store-opt discovery.heartbeat=1 --cluster-store-opt discovery.ttl=4" cluster_up --hosts 2 --store etcd

DAY=86400

# start_worker_in DAYS: node-1's worker in a time namespace whose monotonic clocks are days ahead.
start_worker_in() {
    local directory
    directory=$(host_directory node-1)
    # shellcheck disable=SC2086 # several flags
    start_on_host "$directory" worker unshare --time --fork --kill-child --monotonic $(($1 * DAY)) --boottime $(($1 * DAY)) \
        "$CLUSTER_BIN/skein-worker" --cluster-store "$(store_url)" --cluster-advertise eth0:2376 --engine none \
        --state-dir "$directory/state" $CLUSTER_WORKER_FLAGS
    await_part node-1 worker
}

start_pair() {
    on node-1 skein network create clocks
    on node-1 skein run -d --name left --net clocks sleep 1h
    on node-2 skein run -d --name right --net clocks sleep 1h
    eventually 10 "left resolves on node-2" on node-2 skein sandbox exec right getent hosts left
    store_keys addresses/ | sort >"$CLUSTER_DIR/before"
}

end_pair() {
    expect_equal "addresses" "$(cat "$CLUSTER_DIR/before")" "$(store_keys addresses/ | sort)"
    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right
    on node-1 skein network rm clocks
}

# stays_a_member SECONDS: its record never goes, and its names are always answered elsewhere.
stays_a_member() {
    local round
    for ((round = 0; round < $1 * 2; round++)); do
        [ "$(count_keys nodes/)" = 2 ] || { echo "the node's record was gone in round $round"; return 1; }
        on node-2 skein sandbox exec right getent hosts left >/dev/null || { echo "left was not answered in round $round"; return 1; }
        sleep 0.5
    done
}

# Each life's clocks are elsewhere, as after a reboot: a day ahead, then back, then ten days ahead.
lives_in_time_namespaces() {
    local days
    start_pair
    for days in 1 0 10; do
        kill_part node-1 worker
        start_worker_in "$days"
        eventually 20 "a change succeeds $days days ahead" on node-1 skein run -d --name "ahead$days" --net clocks sleep 1h
        stays_a_member 6
        on node-1 skein sandbox rm -f "ahead$days"
    done
    kill_part node-1 worker
    start_again node-1 worker
    end_pair
}

# A worker that stands still for longer than its lease lives, as on a host that was suspended.
lease_is_lost() {
    start_pair
    on node-2 skein sandbox exec right ping -q -i 0.02 -c 700 "$(on node-2 skein sandbox exec right getent hosts left | awk '{print $1}')" \
        >"$CLUSTER_DIR/ping.log" &
    suspend node-1 worker
    eventually 15 "the node's record goes with its lease" one_node_is_left
    resume node-1 worker
    eventually 10 "it has joined again" nodes_joined 2
    eventually 10 "left resolves again" on node-2 skein sandbox exec right getent hosts left
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    end_pair
}

one_node_is_left() {
    [ "$(count_keys nodes/)" = 1 ]
}

scenario "a worker in a time namespace days off keeps its lease and its addresses (lesson 16)" lives_in_time_namespaces
scenario "a lease that was lost changes no address and costs no packet (lesson 16)" lease_is_lost
