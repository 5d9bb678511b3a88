#!/usr/bin/env bash
# The store loses what it had, while the workers run: its data directory, or every key by a slip of a hand. What the workers hold comes back, with
# the same names and addresses, and nobody in a sandbox notices (lesson 10).
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 2 --store etcd

ETCD_DATA=$(host_directory node-0)/etcd

# ask_store CALL: of everything below the root, by etcd's JSON API.
ask_store() {
    on node-0 curl --silent --fail --max-time 5 "http://127.0.0.1:2379/v3/kv/$1" \
        --data "{\"key\":\"$(printf skein/ | base64)\",\"range_end\":\"$(printf skein0 | base64)\"}"
}

# Keys and values that say which networks there are, and who has which name and address.
catalog() {
    ask_store range | jq -S -c '.kvs[]? | [(.key | @base64d), (.value | @base64d | fromjson)]' \
        | grep -E '^\["skein/(addresses|endpoints|names|node-endpoints|network-names|networks|sandboxes|vnis|pools/global)/' | sort
}

wipe_keys() {
    ask_store deleterange
}

wipe_data_directory() {
    kill_part node-0 store
    rm -rf "$ETCD_DATA"
    start_again node-0 store
}

# Asks for a name again and again: each time that it is not there is noted.
ask_on_and_on() {
    while [ ! -f "$CLUSTER_DIR/stop-asking" ]; do
        on node-1 skein sandbox exec left getent hosts right >/dev/null || echo missed
        sleep 0.2
    done
}

is_as_before() {
    catalog >"$CLUSTER_DIR/after"
    cmp -s "$CLUSTER_DIR/before" "$CLUSTER_DIR/after"
}

outlives() {
    local wipe=$1 started pinging told
    on node-1 skein network create "kept-$1"
    on node-1 skein network create "idle-$1"
    on node-1 skein run -d --name left --net "kept-$1" sleep 1h
    on node-2 skein run -d --name right --net "kept-$1" sleep 1h
    eventually 10 "right resolves on node-1" on node-1 skein sandbox exec left getent hosts right
    catalog >"$CLUSTER_DIR/before"
    rm -f "$CLUSTER_DIR/stop-asking"
    ask_on_and_on >"$CLUSTER_DIR/missed" 2>&1 &
    on node-1 skein sandbox exec left ping -q -i 0.02 -c 750 right >"$CLUSTER_DIR/ping.log" &
    pinging=$!
    sleep 1
    told=$(losses)
    "$wipe"
    started=$(now_ms)
    eventually 20 "the catalog is as before" is_as_before || { diff "$CLUSTER_DIR/before" "$CLUSTER_DIR/after"; return 1; }
    echo "$wipe: $(seconds_since "$started") s" >>"$CLUSTER_DIR/recoveries"
    wait "$pinging"
    touch "$CLUSTER_DIR/stop-asking"
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    expect_equal "questions for a name that were not answered" "" "$(cat "$CLUSTER_DIR/missed")"
    expect_match "what the doctor says" "has lost .*what this node holds is there again" "$(losses)"
    [ "$(losses)" != "$told" ]
    changes_work "$1"
}

# losses: what the doctor on node-1 says of them.
losses() {
    on node-1 skein doctor | grep "has lost" || true
}

changes_work() {
    eventually 20 "a third sandbox starts" on node-2 skein run -d --name third --net "kept-$1" --net "idle-$1" sleep 1h
    eventually 10 "left reaches it" on node-1 skein sandbox exec left ping -q -c 1 -W 1 third
    expect_equal "addresses held twice" "" "$(store_keys addresses/ | sed 's|.*/||' | sort | uniq -d)"
    on node-1 skein sandbox rm -f left
    on node-2 skein sandbox rm -f right third
    eventually 10 "the networks go" on node-1 skein network rm -f "kept-$1" "idle-$1"
    eventually 10 "nothing is left on the hosts" nothing_left node-1 node-2
    expect_equal "addresses in the store" "" "$(store_keys addresses/)"
}

every_key_is_deleted() { outlives wipe_keys; }
data_directory_is_lost() { outlives wipe_data_directory; }

scenario "every key is deleted under a running cluster: no lost packet, name or address (lesson 10)" every_key_is_deleted
scenario "the store comes back without its data: no lost packet, name or address (lesson 10)" data_directory_is_lost
[ ! -f "$CLUSTER_DIR/recoveries" ] || sed 's/^/    all was put back after /' "$CLUSTER_DIR/recoveries"
