#!/usr/bin/env bash
# Daemons without a store: each says which flag is missing or wrong, wherever it is asked, and nothing is called done that was not stored.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 1 --store etcd

WORKER=unix:///run/skein/worker.sock
CONTROLLER=unix:///run/skein/controller.sock
# Nobody is there.
NOWHERE=etcd://10.98.0.250:2379

# refused HOST PATTERN COMMAND…
refused() {
    local host=$1 pattern=$2
    shift 2
    fails on "$host" timeout 15 "$@"
    expect_match "$*" "$pattern" "$OUTPUT"
}

# The exact sentence, and the exit status of a wrong command line.
missing_flags_are_named() {
    local status=0
    OUTPUT=$(on node-1 skein-worker --cluster-advertise eth0:2376 2>&1) || status=$?
    expect_equal "the worker's sentence" \
        "skein-worker: --cluster-store is missing: it must be given, like --cluster-store etcd://10.0.0.1:2379" "$OUTPUT"
    expect_equal "its exit status" 64 "$status"
    status=0
    OUTPUT=$(on node-0 skein-controller 2>&1) || status=$?
    expect_equal "the controller's sentence" \
        "skein-controller: --cluster-store is missing: it must be given, like --cluster-store etcd://10.0.0.1:2379" "$OUTPUT"
    expect_equal "its exit status" 64 "$status"
}

# The worker could not start: whoever asks for it is told so, and the doctor tells which flag the service lacks.
commands_without_a_worker() {
    kill_part node-1 worker
    refused node-1 "cannot connect to $WORKER: .*is skein-worker running" skein network create unstored
    refused node-1 "cannot connect|Cannot connect" docker -H "$WORKER" network create -d overlay unstored
    on node-1 mkdir -p /etc/skein
    on node-1 bash -c 'echo SKEIN_CLUSTER_ADVERTISE=eth0:2376 >/etc/skein/worker.conf'
    refused node-1 "failed +--cluster-store +.*SKEIN_CLUSTER_STORE is not set" skein doctor
    on node-1 rm -r /etc/skein
    start_again node-1 worker
    expect_equal "networks" "" "$(store_keys networks/)"
}

# start_with_wrong_store: node-1's worker; it has never joined that store's cluster, and gives up after 10 s.
start_with_wrong_store() {
    kill_part node-1 worker
    start_on_host "$(host_directory node-1)" worker "$CLUSTER_BIN/skein-worker" --cluster-store "$NOWHERE" \
        --cluster-advertise eth0:2376 --engine unix:///var/run/docker.sock --state-dir "$(host_directory node-1)/state"
    await_part node-1 worker
}

plugin() {
    on node-1 curl --silent --max-time 5 --unix-socket /run/docker/plugins/skein.sock "http://skein/$1" --data "$2"
}

nothing_is_called_done() {
    start_with_wrong_store
    refused node-1 "10.98.0.250:2379" skein network create unstored
    refused node-1 "10.98.0.250:2379" skein run -d --name unstored --net unstored sleep 1h
    refused node-1 "10.98.0.250:2379" docker -H "$WORKER" network create -d overlay unstored
    expect_match "the driver's answer" '"Err":".*10.98.0.250:2379' "$(plugin NetworkDriver.CreateNetwork \
        '{"NetworkID":"'"$(printf 'a%.0s' {1..64})"'","Options":{},"IPv4Data":[],"IPv6Data":[]}')"
    expect_match "the IPAM driver's answer" '"(Err|Error)":".*10.98.0.250:2379' \
        "$(plugin IpamDriver.RequestPool '{"AddressSpace":"skein","Pool":"","SubPool":"","Options":{},"V6":false}')"
    refused node-1 "failed +cluster store +--cluster-store:? .*10.98.0.250:2379" skein doctor
    eventually 15 "the worker gives up" worker_has_ended
    expect_match "its last word" "cannot join the cluster at $NOWHERE.*start the store, or correct --cluster-store" \
        "$(tail -n 3 "$(host_directory node-1)/worker.log")"
    start_again node-1 worker
    expect_equal "networks" "" "$(store_keys networks/)"
}

worker_has_ended() {
    ! part_pid "$(host_directory node-1)" worker >/dev/null
}

# A controller has nothing on disk to tell a wrong flag from a store that is late: it serves, and refuses with the cause.
controllers_refuse_changes() {
    kill_part node-0 controller
    start_on_host "$(host_directory node-0)" controller "$CLUSTER_BIN/skein-controller" --cluster-store "$NOWHERE" -H "$CONTROLLER"
    await_part node-0 controller
    refused node-0 "10.98.0.250:2379" skein -H "$CONTROLLER" network create unstored
    refused node-0 "10.98.0.250:2379" docker -H "$CONTROLLER" network create -d overlay unstored
    expect_match "the information" "cluster store does not answer.*10.98.0.250" "$(on node-0 docker -H "$CONTROLLER" info 2>&1)"
    kill_part node-0 controller
    start_again node-0 controller
    expect_equal "networks" "" "$(store_keys networks/)"
}

scenario "a daemon without --cluster-store says which flag is missing (lesson 9)" missing_flags_are_named
scenario "without its worker every command says so, and the doctor names the flag (lesson 9)" commands_without_a_worker
scenario "a worker whose store is not there calls nothing done, and names the flag (lesson 9)" nothing_is_called_done
scenario "a controller whose store is not there calls nothing done (lesson 9)" controllers_refuse_changes
