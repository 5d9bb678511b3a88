#!/usr/bin/env bash
# A host gets another address under a worker that runs: its peers find it, and what talks goes on talking.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

# A connection from an address that is gone is known by its silence.
SKEIN_WORKER_FLAGS="" cluster_up --hosts 2 --store etcd

# readdress HOST ADDRESS: in place of what its eth0 has, as when DHCP gives another.
readdress() {
    on "$1" ip -batch - <<-BATCH
	address flush dev eth0
	address add $2/$UNDERLAY_LENGTH dev eth0
	route add default via $UNDERLAY.1
	BATCH
}

vtep_of() {
    on node-0 skein -H unix:///run/skein/controller.sock node inspect "$1" | jq -r '.[0].VTEP'
}

has_vtep() {
    [ "$(vtep_of "$1")" = "$2" ]
}

left_reaches_right() {
    on node-1 skein sandbox exec left ping -q -c 1 -W 1 right
}

addresses_of_endpoints() {
    store_keys addresses/ | sort
}

# Each way, since who is asked and who asks find out differently.
peers_find_it() {
    local host address started before
    on node-1 skein network create moving
    on node-1 skein run -d --name left --net moving sleep 1h
    on node-2 skein run -d --name right --net moving sleep 1h
    eventually 10 "left reaches right" left_reaches_right
    before=$(addresses_of_endpoints)
    for host in node-2 node-1; do
        address=$UNDERLAY.$((200 + ${host#node-}))
        readdress "$host" "$address"
        started=$(now_ms)
        eventually 60 "left reaches right, since $host has another address" left_reaches_right
        echo "$host: $(seconds_since "$started") s" >>"$CLUSTER_DIR/recoveries"
        has_vtep "$host" "$address"
        on "$host" skein doctor | grep "advertised address" | grep -F "$address"
    done
    expect_equal "addresses of endpoints" "$before" "$(addresses_of_endpoints)"
}

# The worker at its new address does all that it did.
changes_go_on() {
    eventually 60 "a third sandbox starts on node-2" on node-2 skein run -d --name third --net moving sleep 1h
    eventually 30 "left reaches it by name" on node-1 skein sandbox exec left ping -q -c 1 -W 1 third
    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right third
    eventually 30 "the network goes" on node-1 skein network rm moving
}

# A copy of a node's state on another host is refused, and the copied node is not disturbed.
copies_are_refused() {
    on node-1 cp -r "$(host_directory node-2)/state" "$CLUSTER_DIR/copied"
    fails on node-0 timeout 20 skein-worker --cluster-store "$(store_url)" --cluster-advertise eth0:2376 --engine none \
        --state-dir "$CLUSTER_DIR/copied"
    expect_match "the refusal" "in use by host node-2 at" "$OUTPUT"
    on node-2 skein info >/dev/null
    # On the same host the state directory's lock is in the way, and without it the host's.
    fails on node-2 timeout 20 skein-worker --cluster-store "$(store_url)" --cluster-advertise eth0:2376 --engine none \
        --state-dir "$(host_directory node-2)/state" --socket /run/skein/second.sock
    expect_match "the refusal" "another skein-worker" "$OUTPUT"
}

scenario "a host's address changes under its worker: pings recover by themselves (lesson 15)" peers_find_it
[ ! -f "$CLUSTER_DIR/recoveries" ] || sed 's/^/    reached again at the new address of /' "$CLUSTER_DIR/recoveries"
scenario "a worker whose address changed attaches and detaches (lesson 15)" changes_go_on
scenario "a second agent with a node's id refuses to start (lesson 15)" copies_are_refused
