#!/usr/bin/env bash
# kill -9 of a worker at any moment: nothing leaks, nothing that was acknowledged is lost, no packet between endpoints is lost.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 2 --store etcd

# Attaches and detaches until told to stop; failures are expected while the worker is dead.
churn() {
    local round=0
    while [ ! -f "$CLUSTER_DIR/stop-churn" ]; do
        round=$((round + 1))
        on node-1 skein run -d --name "churn$((round % 4))" --net churn sleep 1h || true
        on node-1 skein sandbox rm -f "churn$((round % 4))" || true
    done
}

killed_at_random_moments() {
    local round
    on node-2 skein network create churn
    rm -f "$CLUSTER_DIR/stop-churn"
    churn >"$CLUSTER_DIR/churn.log" 2>&1 &
    for round in $(seq 12); do
        sleep "0.$((round * 37 % 90 + 10))"
        kill_part node-1 worker
        start_again node-1 worker
    done
    touch "$CLUSTER_DIR/stop-churn"
    wait
    for round in 0 1 2 3; do on node-1 skein sandbox rm -f "churn$round" || true; done
    eventually 20 "no namespace or interface on node-1" nothing_left node-1
    eventually 10 "no endpoint in the store" no_keys endpoints/ node-endpoints/ names/ sandboxes/
    # What stays are the gateway's and no endpoint's.
    eventually 10 "no endpoint's address in the store" only_gateway_address
    on node-2 skein network rm churn
    expect_equal "addresses in the store" "" "$(store_keys addresses/)"
}

no_keys() {
    local prefix
    for prefix in "$@"; do [ -z "$(store_keys "$prefix")" ] || return 1; done
}

only_gateway_address() {
    [ "$(count_keys addresses/)" -le 1 ]
}

same_name_after_a_crash() {
    on node-1 skein network create again
    on node-1 skein run -d --name rose --net again sleep 1h
    kill_part node-1 worker
    start_again node-1 worker
    on node-1 skein sandbox rm -f rose
    on node-1 skein run -d --name rose --net again sleep 1h
    on node-1 skein sandbox rm -f rose
    on node-1 skein network rm again
}

# 1,000 packets a second across a restart and a kill -9; the endpoints are on two hosts and the worker of each dies in turn.
packets_flow_on() {
    local loss
    on node-1 skein network create flow
    on node-1 skein run -d --name left --net flow sleep 1h
    on node-2 skein run -d --name right --net flow sleep 1h
    eventually 10 "right resolves on node-1" on node-1 skein sandbox exec left getent hosts right
    on node-1 skein sandbox exec left ping -q -i 0.001 -c 12000 right >"$CLUSTER_DIR/ping.log" &
    for host in node-1 node-2; do
        sleep 1
        kill_on_host "$(host_directory "$host")" worker TERM
        start_again "$host" worker
        sleep 1
        kill_part "$host" worker
        start_again "$host" worker
    done
    wait
    loss=$(cat "$CLUSTER_DIR/ping.log")
    expect_match "the loss" " 0% packet loss" "$loss"
    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right
    on node-1 skein network rm flow
}

scenario "a worker killed in the middle of attaching and detaching leaks nothing (lesson 5)" killed_at_random_moments
scenario "a name is free again for the same node after a crash (lesson 2)" same_name_after_a_crash
scenario "no packet is lost across a restart and a kill -9 of the workers (lesson 25)" packets_flow_on
