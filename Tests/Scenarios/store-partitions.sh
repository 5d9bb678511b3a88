#!/usr/bin/env bash
# An etcd of three members, on node-0 to node-2, whose hosts lose each other by halves; the packets of the sandboxes have their own way.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

SKEIN_CONTROLLER_FLAGS="" SKEIN_WORKER_FLAGS="--cluster-store-opt discovery.ttl=10" cluster_up --hosts 3 --store etcd --members 3

# MARK: Cuts: of etcd's ports only, by rules in the hosts' own namespaces

# cut HOST FROM…: the host hears nothing more of the store from others; what it sends arrives.
cut() {
    local host=$1 other
    shift
    on "$host" nft add table inet cut
    on "$host" nft 'add chain inet cut heard { type filter hook input priority 0; }'
    for other in "$@"; do
        on "$host" nft "add rule inet cut heard ip saddr $(host_address "${other#node-}") tcp sport 2379-2380 drop"
        on "$host" nft "add rule inet cut heard ip saddr $(host_address "${other#node-}") tcp dport 2379-2380 drop"
    done
}

# isolate HOST: no store but its own, in both directions.
isolate() {
    local host
    # shellcheck disable=SC2046 # several hosts
    for host in node-0 node-1 node-2 node-3; do
        if [ "$host" = "$1" ]; then cut "$host" $(others_than "$1"); else cut "$host" "$1"; fi
    done
}

others_than() {
    printf '%s\n' node-0 node-1 node-2 node-3 | grep -v -x "$1"
}

heal() {
    local host
    for host in node-0 node-1 node-2 node-3; do on "$host" nft delete table inet cut 2>/dev/null || true; done
}

# MARK: What must go on

# The host whose member leads.
leader() {
    local host
    for host in node-0 node-1 node-2; do
        if on "$host" curl --silent --max-time 2 http://127.0.0.1:2379/v3/maintenance/status --data '{}' \
            | jq -e '.leader != null and .leader == .header.member_id' >/dev/null 2>&1; then
            echo "$host"
            return
        fi
    done
    return 1
}

make_pair() {
    on node-1 skein network create pairs
    on node-1 skein run -d --name one --net pairs sleep 1h
    on node-3 skein run -d --name three --net pairs sleep 1h
    eventually 10 "three resolves on node-1" on node-1 skein sandbox exec one getent hosts three
}

start_pinging() {
    rm -f "$(host_directory node-1)/pinging.log"
    start_on_host "$(host_directory node-1)" pinging "$CLUSTER_BIN/skein" sandbox exec one ping -n -i 0.05 three
}

# stop_pinging: no packet may have been lost meanwhile.
stop_pinging() {
    kill_on_host "$(host_directory node-1)" pinging INT
    eventually 10 "the pings have ended" grep -q "packet loss" "$(host_directory node-1)/pinging.log"
    expect_match "the loss" " 0% packet loss" "$(tail -n 3 "$(host_directory node-1)/pinging.log")"
}

# attach_on HOST PREFIX COUNT: sandboxes one after the other; the names of those that were acknowledged are kept.
attach_on() {
    local host=$1 number
    for ((number = 1; number <= $3; number++)); do
        if on "$host" skein run -d --name "$2$number" --net pairs sleep 1h; then echo "$2$number" >>"$CLUSTER_DIR/acknowledged"; fi
    done
}

# took MILLISECONDS WHAT: tells how long something took since then; the numbers are for docs/design/faults.md.
took() {
    echo "$2: $(seconds_since "$1") s" | tee -a "$CLUSTER_DIR/times.log"
}

# nothing_lost_or_doubled: every acknowledged name is there, each endpoint has one address and one name, and every worker is a node.
nothing_lost_or_doubled() {
    # A member that returns may make the others elect once more.
    eventually 20 "the store answers" read_keys
    touch "$CLUSTER_DIR/acknowledged"
    expect_equal "acknowledged names that the store lost" "" "$(comm -23 <(sort "$CLUSTER_DIR/acknowledged") <(keys_below names | sort))"
    expect_equal "addresses" "$(($(keys_below endpoints | wc -l) + $(keys_below networks | wc -l)))" "$(keys_below addresses | wc -l)"
    expect_equal "names" "$(keys_below endpoints | wc -l)" "$(keys_below names | wc -l)"
    eventually 30 "all nodes are there" nodes_left 3
}

# read_keys: all keys, at one revision.
read_keys() {
    store_keys "" >"$CLUSTER_DIR/keys"
}

# keys_below PART: the last segments of the keys that were read.
keys_below() {
    sed -n "s|^skein/$1/.*/||p;s|^skein/$1/\([^/]*\)$|\1|p" "$CLUSTER_DIR/keys"
}

nodes_left() {
    [ "$(count_keys nodes/)" = "$1" ]
}

# MARK: Scenarios

# node-1 has its own member and no other: it can change nothing, and everybody else can.
minority_waits() {
    local started
    make_pair
    start_pinging
    isolate node-1
    started=$(now_ms)
    fails on node-1 skein run -d --name lost --net pairs sleep 1h
    took "$started" "a change by a worker that reaches the minority fails"
    echo "  $OUTPUT" >>"$CLUSTER_DIR/times.log"
    expect_match "the cause" "leader|does not answer|may have been made" "$OUTPUT"
    # The others may have had to elect first.
    eventually 30 "another member leads" another_leads node-1
    started=$(now_ms)
    attach_on node-3 majority 3
    took "$started" "three changes by a worker that reaches the majority"
    expect_equal "acknowledged by the majority" 3 "$(wc -l <"$CLUSTER_DIR/acknowledged")"
    on node-1 skein sandbox exec one getent hosts three
    heal
    started=$(now_ms)
    eventually 30 "node-1 sees what the majority did" on node-1 skein sandbox exec one getent hosts majority3
    took "$started" "a worker of the minority sees what it missed"
    eventually 30 "node-1 changes something again" on node-1 skein run -d --name found --net pairs sleep 1h
    took "$started" "a worker of the minority changes something again"
    stop_pinging
    nothing_lost_or_doubled
}

# Longer than a node's lease: the others take it for dead, its packets go on, and it comes back as itself.
minority_outlives_its_lease() {
    local started address
    address=$(on node-1 skein sandbox exec one hostname -I)
    start_pinging
    isolate node-1
    started=$(now_ms)
    eventually 40 "the lease of node-1 has ended" nodes_left 2
    took "$started" "the others take a node of the minority for dead, with a lease of 10 s"
    heal
    started=$(now_ms)
    eventually 30 "node-1 is a node again" nodes_left 3
    took "$started" "a node of the minority is back"
    eventually 10 "one resolves on node-3" on node-3 skein sandbox exec three getent hosts one
    stop_pinging
    expect_equal "its address" "$address" "$(on node-1 skein sandbox exec one hostname -I)"
    nothing_lost_or_doubled
}

# The member that leads loses the others, while all workers write.
leader_is_isolated() {
    local started leader
    eventually 20 "a member leads" leader
    leader=$(leader)
    echo "the leader: $leader"
    start_pinging
    attach_on node-3 elected 12 >"$CLUSTER_DIR/attach.log" 2>&1 &
    ATTACHING=$!
    sleep 0.5
    isolate "$leader"
    started=$(now_ms)
    eventually 30 "another leads" another_leads "$leader"
    took "$started" "another member leads"
    eventually 30 "a network is made" on node-3 skein network create "after-$leader"
    took "$started" "a worker changes something after the leader was isolated"
    wait "$ATTACHING"
    heal
    # A member that returns may make the others elect once more.
    eventually 30 "the network goes" on node-3 skein network rm "after-$leader"
    stop_pinging
    nothing_lost_or_doubled
}

another_leads() {
    local now
    now=$(leader) && [ "$now" != "$1" ]
}

# The leader speaks and does not hear: it holds the others as followers, and can commit nothing.
leader_is_deaf() {
    local leader
    eventually 20 "a member leads" leader
    leader=$(leader)
    start_pinging
    attach_on node-3 heard 8 >"$CLUSTER_DIR/attach.log" 2>&1 &
    ATTACHING=$!
    # shellcheck disable=SC2046 # several hosts
    cut "$leader" $(others_than "$leader")
    sleep 6
    heal
    wait "$ATTACHING"
    eventually 30 "a worker changes something again" on node-2 skein run -d --name "hears" --net pairs sleep 1h
    stop_pinging
    nothing_lost_or_doubled
}

# A worker that hears one member and not another, whichever it asks first.
one_member_is_mute() {
    local started
    start_pinging
    cut node-3 node-0
    started=$(now_ms)
    eventually 20 "a change is made by another member" on node-3 skein run -d --name mute --net pairs sleep 1h
    took "$started" "a worker goes on with another member when it hears nothing of the first"
    eventually 10 "one resolves mute" on node-1 skein sandbox exec one getent hosts mute
    heal
    stop_pinging
    nothing_lost_or_doubled
}

# The controller has only the minority: workers do without it.
controller_of_the_minority() {
    local started
    start_pinging
    isolate node-0
    started=$(now_ms)
    fails on node-1 docker -H "$(controller_url)" network create refused
    took "$started" "a change by a controller that reaches the minority fails"
    echo "  $OUTPUT" >>"$CLUSTER_DIR/times.log"
    eventually 30 "a worker makes a network" on node-2 skein network create without
    attach_on node-3 free 2
    heal
    started=$(now_ms)
    eventually 30 "the controller shows it" shows_network without
    took "$started" "a controller of the minority sees what it missed"
    eventually 30 "the network goes" on node-2 docker -H "$(controller_url)" network rm without
    stop_pinging
    nothing_lost_or_doubled
}

shows_network() {
    [[ $(on node-1 docker -H "$(controller_url)" network ls --format '{{.Name}}') == *"$1"* ]]
}

trap 'cat "$CLUSTER_DIR/times.log" 2>/dev/null || true; cluster_down' EXIT
scenario "a worker that reaches the minority waits, and the others go on" minority_waits
scenario "a node of the minority outlives its lease, with its addresses" minority_outlives_its_lease
scenario "the leader is isolated: what was acknowledged stays" leader_is_isolated
scenario "the leader hears nothing: what was acknowledged stays" leader_is_deaf
scenario "a worker goes on with another member when one is mute" one_member_is_mute
scenario "a controller that reaches the minority refuses, and workers do without it" controller_of_the_minority
