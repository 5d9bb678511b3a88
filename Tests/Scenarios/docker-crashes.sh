#!/usr/bin/env bash
# Life with real engines: engine, worker, both, the store or the whole host die, and nothing stale is left, nothing is lost.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/containers.sh"

# What a host that died held is gone after at most this many seconds: its lease, the grace, the controller's look every 5 seconds,
# and time for a busy machine.
LEASE=4 GRACE=4
CLEAN=$((LEASE + GRACE + 5 + 15))
SKEIN_CONTROLLER_FLAGS="--node-grace $GRACE" SKEIN_WORKER_FLAGS="--cluster-store-opt discovery.ttl=$LEASE" \
    cluster_up --hosts 3 --store etcd --engine docker

# Three containers that their engines start again, on two hosts, and one elsewhere that asks. Which of several containers asks for an address,
# engines before 29 do not tell: of those without `--ip` there is one a host (docker-crowd.sh has many).
start_with_containers() {
    make_network node-1 life --subnet 10.160.0.0/24
    container node-3 asker life
    container node-1 first life --restart always --ip 10.160.0.99
    container node-1 second life --restart always
    container node-2 third life --restart always
    remember_addresses
}

remember_addresses() {
    FIRST=$(address_in node-1 first life) SECOND=$(address_in node-1 second life) THIRD=$(address_in node-2 third life)
    printf 'FIRST=%s SECOND=%s THIRD=%s\n' "$FIRST" "$SECOND" "$THIRD" >"$CLUSTER_DIR/addresses"
}

# all_are_back: within SECONDS running, with their addresses, under their names, and reachable from another engine.
all_are_back() {
    local seconds=$1
    # shellcheck source=/dev/null
    . "$CLUSTER_DIR/addresses"
    eventually "$seconds" "first runs" is_running node-1 first
    eventually "$seconds" "second runs" is_running node-1 second
    eventually "$seconds" "third runs" is_running node-2 third
    expect_equal "the addresses" "$FIRST $SECOND $THIRD" "$(address_in node-1 first life) $(address_in node-1 second life) $(address_in node-2 third life)"
    resolves_to node-3 asker first "$FIRST"
    resolves_to node-3 asker second "$SECOND"
    resolves_to node-3 asker third "$THIRD"
    reaches node-3 asker first
    reaches node-3 asker second
    reaches node-3 asker third
    reaches node-1 first third
    reaches node-2 third second
    nothing_is_stale
}

engine_ends_and_starts() {
    start_with_containers
    all_are_back 5
    kill_on_host "$(host_directory node-1)" engine TERM
    start_again node-1 engine
    all_are_back 15
}

engine_is_killed() {
    kill_part node-1 engine
    start_again node-1 engine
    all_are_back 15
}

worker_is_killed() {
    inside node-3 asker ping -q -i 0.05 -c 80 first >"$CLUSTER_DIR/ping.log" &
    kill_part node-1 worker
    start_again node-1 worker
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    all_are_back 5
    container node-1 new life
    will_reach node-3 asker new
    remove node-1 new
}

# What happens while there is no worker has to be caught up with.
container_ends_without_worker() {
    local id
    container node-1 brief life
    id=$(on node-1 docker inspect --format '{{.State.Pid}}' brief)
    kill_part node-1 worker
    on node-1 kill -9 "$id"
    start_again node-1 worker
    eventually 40 "brief has ended" not_running_container node-1 brief
    nothing_is_stale 60
    resolves_to node-3 asker brief NXDOMAIN
    remove node-1 brief
    all_are_back 5
}

not_running_container() {
    ! is_running "$1" "$2"
}

both_are_killed() {
    kill_part node-1 engine
    kill_part node-1 worker
    start_again node-1 worker
    start_again node-1 engine
    all_are_back 15
}

# In the other order, as when nobody orders the services: the engine asks the driver before there is one.
engine_starts_before_worker() {
    kill_part node-1 worker
    kill_part node-1 engine
    start_part node-1 engine
    start_again node-1 worker
    await_part node-1 engine
    all_are_back 30
}

# The host also has a container that nobody starts again: its address is nobody's then.
host_is_rebooted() {
    local round
    container node-1 bystander life
    for round in 1 2 3; do
        in_time node-1 docker start bystander
        "$SKEIN_ROOT/scripts/cluster" reboot node-1
        all_are_back 20
    done
    remove node-1 bystander
}

# Containers start and end while the worker is killed again and again.
churned() {
    local round
    for round in $(seq 12); do
        container node-1 "churn$((round % 3))" life || true
        remove node-1 "churn$((round % 3))" || true
    done
}

killed_at_random_moments() {
    local job number
    churned >"$CLUSTER_DIR/churn.log" 2>&1 &
    job=$!
    for number in $(seq 6); do
        sleep "0.$((number * 37 % 90 + 10))"
        kill_part node-1 worker
        start_again node-1 worker
    done
    wait "$job"
    remove node-1 churn0 churn1 churn2 2>/dev/null || true
    nothing_is_stale 60
    all_are_back 5
}

store_is_away() {
    local started
    inside node-3 asker ping -q -i 0.05 -c 160 third >"$CLUSTER_DIR/ping.log" &
    kill_part node-0 store
    started=$(now_ms)
    fails container node-1 vain life
    [ $(($(now_ms) - started)) -lt 15000 ] || { echo "the refusal took $(seconds_since "$started") s"; return 1; }
    expect_match "the cause" "store|2379" "$OUTPUT"
    on node-1 docker rm --force vain || true
    started=$(now_ms)
    on node-1 docker stop second
    [ $(($(now_ms) - started)) -lt 15000 ] || { echo "docker stop took $(seconds_since "$started") s"; return 1; }
    reaches node-3 asker first
    on node-2 docker run --rm --net none busybox true
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    start_again node-0 store
    nothing_is_stale 20
    in_time node-1 docker start second
    all_are_back 10
}

# Everything on a host dies for good, then comes back as if it had been repaired.
host_dies() {
    "$SKEIN_ROOT/scripts/cluster" kill node-2 host
    eventually "$CLEAN" "the endpoints of node-2 are gone" no_endpoint_of_third
    expect_equal "third" NXDOMAIN "$(answer node-3 asker third)"
    expect_equal "addresses of endpoints and gateways" "$(($(count_keys endpoints/) + $(count_keys networks/)))" "$(count_keys addresses/)"
    expect_equal "entries of the node's own" "$(count_keys endpoints/)" "$(count_keys node-endpoints/)"
    container node-1 third life
    resolves_to node-3 asker third "$(address_in node-1 third life)"
    remove node-1 third
}

no_endpoint_of_third() {
    [ -z "$(store_keys names/ | grep '/third$')" ]
}

dead_host_leaves_the_network() {
    make_network node-1 mourned
    container node-1 alive mourned
    container node-2 dead mourned
    "$SKEIN_ROOT/scripts/cluster" kill node-2 host
    remove node-1 alive
    eventually "$CLEAN" "the network can be removed (lesson 1)" on node-1 skein network rm mourned
    expect_equal "networks" 1 "$(count_keys networks/)"
    "$SKEIN_ROOT/scripts/cluster" start node-2 host
    eventually 10 "node-2 no longer has mourned" lacks_network node-2 mourned
}

host_comes_back() {
    "$SKEIN_ROOT/scripts/cluster" start node-2 host
    eventually 20 "third runs" is_running node-2 third
    resolves_to node-3 asker third "$(address_in node-2 third life)"
    reaches node-3 asker third
    remember_addresses
    all_are_back 10
}

everything_goes_without_a_trace() {
    remove_all_containers node-1 node-2 node-3
    drop_network node-2 life
    eventually 10 "no namespace or interface on any host" nothing_left node-1 node-2 node-3
    expect_equal "keys of endpoints and addresses" "" "$(store_keys endpoints/)$(store_keys addresses/)$(store_keys sandboxes/)"
}

scenario "an engine is restarted: containers keep addresses and names (lesson 8)" engine_ends_and_starts
scenario "an engine is killed: containers keep addresses and names (lessons 2 and 3)" engine_is_killed
scenario "a worker is killed: no packet is lost" worker_is_killed
scenario "a container that ends while there is no worker leaves nothing (lesson 1)" container_ends_without_worker
scenario "engine and worker are killed" both_are_killed
scenario "an engine may start before its worker" engine_starts_before_worker
scenario "a host is rebooted: containers keep addresses and names (lessons 2 and 3)" host_is_rebooted
scenario "a worker that is killed while containers come and go leaks nothing (lesson 3)" killed_at_random_moments
scenario "without a store docker run fails soon and says why, and containers run on (lesson 10)" store_is_away
scenario "everything on a host is killed: the cluster is clean within the grace (lessons 1 and 7)" host_dies
scenario "a host that died comes back" host_comes_back
scenario "a network that a dead host was on can be removed (lesson 1)" dead_host_leaves_the_network
scenario "removing containers and networks leaves no trace" everything_goes_without_a_trace
