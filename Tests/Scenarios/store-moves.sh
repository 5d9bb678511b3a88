#!/usr/bin/env bash
# A cluster's store is copied, lost and restored, and then moved from the embedded store to etcd, below another path: sandboxes keep talking.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 2 --store embedded

DIRECTORY=$(host_directory node-0)
OLD_FILE=$DIRECTORY/store.sqlite
NEW_URL=etcd://$(host_address 0):3379/prod/skein

# Packets both ways, a hundred a second, for long enough for whatever happens meanwhile.
start_pings() {
    : >"$CLUSTER_DIR/pings-running"
    (
        on node-1 skein sandbox exec left ping -q -i 0.01 -c "${1}00" right >"$CLUSTER_DIR/ping-left.log" &
        on node-2 skein sandbox exec right ping -q -i 0.01 -c "${1}00" left >"$CLUSTER_DIR/ping-right.log" &
        wait
        rm "$CLUSTER_DIR/pings-running"
    ) &
}

# What was tried must be over before the pings are.
none_was_lost() {
    [ -f "$CLUSTER_DIR/pings-running" ] || { echo "the pings ended before the move did: give them longer"; return 1; }
    wait
    expect_match "the loss seen by left" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping-left.log")"
    expect_match "the loss seen by right" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping-right.log")"
}

stop_controller() {
    kill_on_host "$DIRECTORY" controller TERM
    eventually 10 "the controller has ended" controller_has_ended
}

controller_has_ended() {
    ! part_pid "$DIRECTORY" controller >/dev/null
}

address_of() {
    on "$1" skein sandbox inspect -f '{{range .Networks}}{{join .Addresses " "}}{{end}}' "$2"
}

endpoints() {
    on node-0 skein store status --cluster-store "$1" -f '{{range .Kinds}}{{if eq .Name "endpoints"}}{{.Keys}}{{end}}{{end}}'
}

copied_lost_and_restored() {
    local backup=$DIRECTORY/backup.sqlite
    on node-1 skein network create moved
    on node-1 skein run -d --name left --net moved sleep 1h
    on node-2 skein run -d --name right --net moved sleep 1h
    eventually 10 "right resolves on node-1" on node-1 skein sandbox exec left getent hosts right
    eventually 10 "left resolves on node-2" on node-2 skein sandbox exec right getent hosts left

    on node-0 skein store backup --cluster-store "$(store_url)" "$backup"
    expect_equal "damage" "Damage: none" "$(on node-0 skein store status --cluster-store "$(store_url)" --check | grep Damage)"
    fails on node-0 skein store status --cluster-store "embedded://$OLD_FILE"
    expect_match "who has it open" "process [0-9]+, skein-controll" "$OUTPUT"

    start_pings 20
    # Of the time that is lost.
    on node-2 skein run -d --name late --net moved sleep 1h
    kill_part node-0 controller
    # Who opens it next moves its log into the file.
    on node-0 skein store status --cluster-store "embedded://$OLD_FILE"
    rm -f "$OLD_FILE-wal"
    head -c 20000 /dev/urandom | dd of="$OLD_FILE" bs=4096 seek=1 conv=notrunc status=none
    fails on node-0 timeout 10 skein-controller --insecure-tcp --cluster-store "embedded://$OLD_FILE"
    expect_match "the refusal" "$OLD_FILE is damaged .*: restore a back-up" "$OUTPUT"
    fails on node-0 skein store restore "$backup" --data "$OLD_FILE"
    on node-0 skein store restore "$backup" --data "$OLD_FILE" --force
    start_again node-0 controller
    eventually 20 "a change works again" on node-1 skein run -d --name after --net moved sleep 1h
    eventually 10 "left and after reach each other" on node-1 skein sandbox exec left ping -c 1 -W 1 after
    # Its worker puts back what the back-up lacks.
    eventually 20 "left and late reach each other" on node-1 skein sandbox exec left ping -c 1 -W 1 late
    none_was_lost
    expect_equal "endpoints" 4 "$(endpoints "$(store_url)")"
    on node-1 skein sandbox rm -f after
    on node-2 skein sandbox rm -f late
}

start_new_etcd() {
    start_on_host "$DIRECTORY" etcd etcd --name skein --data-dir "$DIRECTORY/new-etcd" --logger zap --log-level warn \
        --listen-client-urls http://0.0.0.0:3379 --advertise-client-urls "http://$(host_address 0):3379" \
        --listen-peer-urls http://127.0.0.1:3380 --initial-advertise-peer-urls http://127.0.0.1:3380 \
        --initial-cluster skein=http://127.0.0.1:3380
    eventually 20 "the new etcd answers" \
        on node-0 curl --silent --fail --output /dev/null --max-time 2 http://127.0.0.1:3379/health
}

moved_to_etcd() {
    local before after host file=$DIRECTORY/cluster.jsonl
    before="$(address_of node-1 left) $(address_of node-2 right)"
    start_new_etcd
    start_pings 45

    # Without its controller the old store takes no more changes.
    stop_controller
    on node-0 skein store export --cluster-store "embedded://$OLD_FILE" "$file"
    on node-0 skein store import --cluster-store "$NEW_URL" "$file"
    fails on node-0 skein store import --cluster-store "$NEW_URL" "$file"
    expect_match "a second import" "is not empty" "$OUTPUT"

    CLUSTER_STORE=etcd
    store_url() { echo "$NEW_URL"; }
    for host in node-1 node-2; do
        kill_on_host "$(host_directory "$host")" worker TERM
        eventually 10 "the worker on $host has ended" worker_has_ended "$host"
        start_again "$host" worker
    done
    start_again node-0 controller
    eventually 20 "both nodes have joined" nodes_joined 2
    eventually 10 "right resolves on node-1" on node-1 skein sandbox exec left getent hosts right
    eventually 10 "left resolves on node-2" on node-2 skein sandbox exec right getent hosts left
    after="$(address_of node-1 left) $(address_of node-2 right)"
    expect_equal "the addresses" "$before" "$after"

    # What is new gets what nobody has.
    eventually 10 "a third sandbox starts" on node-2 skein run -d --name third --net moved sleep 1h
    eventually 10 "left reaches it" on node-1 skein sandbox exec left ping -c 1 -W 1 third
    [[ " $after " != *" $(address_of node-2 third) "* ]] || { echo "third has an address of another's: $after"; return 1; }
    expect_equal "endpoints" 3 "$(endpoints "$NEW_URL")"
    on node-2 skein network create made-after
    on node-2 skein network rm made-after
    none_was_lost

    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right third
    eventually 10 "the network goes" on node-1 skein network rm moved
    eventually 20 "nothing is left on the hosts" nothing_left node-1 node-2
}

worker_has_ended() {
    ! part_pid "$(host_directory "$1")" worker >/dev/null
}

scenario "an embedded store is copied in use, lost, and restored: packets flow, and damage is refused" copied_lost_and_restored
scenario "a cluster moves from the embedded store to etcd while its sandboxes keep talking" moved_to_etcd
