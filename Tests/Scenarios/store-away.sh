#!/usr/bin/env bash
# The store is away for longer than a lease lives, or hangs: packets and names go on, sockets answer, changes are refused soon and with the cause, and
# nobody has another address when it is back.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

SKEIN_WORKER_FLAGS="--cluster-store-opt discovery.heartbeat=2 --cluster-store-opt discovery.ttl=6" cluster_up --hosts 2 --store etcd

hang_store() { suspend node-0 store; }
wake_store() { resume node-0 store; }
kill_store() { kill_part node-0 store; }
start_store() { start_again node-0 store; }

# within SECONDS COMMAND…: it ends in time, however it ends; its output is kept in OUTPUT, and how long it took in the log.
within() {
    local seconds=$1 started status=0
    shift
    started=$(now_ms)
    OUTPUT=$(on node-1 timeout "$seconds" "$@" 2>&1) || status=$?
    printf '%s s: %s\n' "$(seconds_since "$started")" "$*" | tee -a "$CLUSTER_DIR/times"
    [ "$status" != 124 ] || { echo "this does not end: $*"; return 1; }
    return "$status"
}

answers() { within 8 "$@" >/dev/null || { echo "this should have been answered: $*: $OUTPUT"; return 1; }; }

refused_soon() {
    if within 8 "$@" >/dev/null; then echo "this should have failed: $*"; return 1; fi
    expect_match "the cause of: $*" "2379|store" "$OUTPUT"
}

sockets_answer_and_changes_fail() {
    answers skein info
    answers skein network ls
    answers skein sandbox ls
    answers skein sandbox inspect left
    answers skein version
    answers docker -H unix:///run/skein/worker.sock info
    answers docker -H unix:///run/skein/worker.sock network ls
    within 8 skein doctor || true
    expect_match "what the doctor says" "failed.*cluster store.*--cluster-store" "$OUTPUT"
    refused_soon skein network create nowhere
    refused_soon skein run -d --name late --net steady sleep 1h
    # Of one that hangs, the answer is lost: it may be done later, as the refusal says.
    if [ "$1" = kill_store ]; then
        refused_soon skein network disconnect steady left
        refused_soon skein sandbox rm -f left
    fi
    refused_soon docker -H unix:///run/skein/worker.sock network create -d overlay nowhere
    # Asked again: what was refused has changed nothing.
    answers skein sandbox exec left getent hosts right
}

ask_on_and_on() {
    while [ ! -f "$CLUSTER_DIR/stop-asking" ]; do
        on node-1 skein sandbox exec left getent hosts right >/dev/null || echo missed
        sleep 0.2
    done
}

start_traffic() {
    on node-1 skein network create steady
    on node-1 skein run -d --name left --net steady sleep 1h
    on node-2 skein run -d --name right --net steady sleep 1h
    eventually 10 "right resolves on node-1" on node-1 skein sandbox exec left getent hosts right
    store_keys addresses/ | sort >"$CLUSTER_DIR/before"
    rm -f "$CLUSTER_DIR/stop-asking"
    ask_on_and_on >"$CLUSTER_DIR/missed" 2>&1 &
    ASKING=$!
    rm -f "$(host_directory node-1)/ping.log"
    start_on_host "$(host_directory node-1)" ping ip netns exec sk-left ping -q -i 0.02 \
        "$(on node-1 skein sandbox exec left getent hosts right | awk '{print $1}')"
}

stop_traffic() {
    touch "$CLUSTER_DIR/stop-asking"
    wait "$ASKING"
    # It tells what it has counted and ends.
    kill_on_host "$(host_directory node-1)" ping INT
    expect_match "the loss" " 0% packet loss" "$(cat "$(host_directory node-1)/ping.log")"
    expect_equal "questions that were not answered" "" "$(cat "$CLUSTER_DIR/missed")"
}

lives_through() {
    start_traffic
    "$1"
    sockets_answer_and_changes_fail "$1"
    # Longer than a lease lives.
    sleep 8
    answers skein info
    "$2"
    eventually 20 "a change succeeds again" on node-1 skein run -d --name third --net steady sleep 1h
    eventually 10 "both nodes are ready" nodes_joined 2
    stop_traffic
    on node-1 skein sandbox rm -f third
    expect_equal "addresses" "$(cat "$CLUSTER_DIR/before")" "$(store_keys addresses/ | sort)"
    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right
    eventually 10 "the network goes" on node-1 skein network rm steady
    eventually 10 "nothing is left on the hosts" nothing_left node-1 node-2
}

store_is_away() { lives_through kill_store start_store; }
store_hangs() { lives_through hang_store wake_store; }

# A worker that is started again while the store is away knows what it knew.
worker_restarts_without_the_store() {
    start_traffic
    # The slower the disk, the more rarely.
    eventually 30 "the worker has noted the name" grep -q '"right"' "$(host_directory node-1)/state/names.json"
    kill_store
    for signal in TERM KILL; do
        # The names are not answered while there is nobody to answer; packets flow.
        touch "$CLUSTER_DIR/stop-asking"
        wait "$ASKING"
        kill_on_host "$(host_directory node-1)" worker "$signal"
        start_again node-1 worker
        eventually 10 "right resolves on node-1, after $signal" on node-1 skein sandbox exec left getent hosts right
        rm -f "$CLUSTER_DIR/stop-asking"
        ask_on_and_on >"$CLUSTER_DIR/missed" 2>&1 &
        ASKING=$!
        answers skein info
        refused_soon skein network create nowhere
    done
    start_store
    eventually 20 "a change succeeds again" on node-1 skein run -d --name third --net steady sleep 1h
    stop_traffic
    expect_equal "addresses" "$(cat "$CLUSTER_DIR/before")" "$(store_keys addresses/ | sort | head -n -1)"
    on node-1 skein sandbox rm -f left third
    on node-2 skein sandbox rm -f right
    eventually 10 "the network goes" on node-1 skein network rm steady
}

scenario "the store is away for longer than a lease: all goes on, changes fail soon, nobody is renumbered (lesson 10)" store_is_away
scenario "the store hangs: all goes on, changes fail soon, nobody is renumbered (lesson 10)" store_hangs
scenario "a worker started again while the store is away answers names and loses no packet (lesson 10)" worker_restarts_without_the_store
[ ! -f "$CLUSTER_DIR/times" ] || sort -rn "$CLUSTER_DIR/times" | head -n 3 | sed 's/^/    the slowest took /'
