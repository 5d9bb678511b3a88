#!/usr/bin/env bash
# Bad input: one clear sentence that names the offender, an exit status that is not zero, nothing half-done.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 1 --store embedded

# refused PATTERN HOST COMMAND…: fails soon, with one sentence that matches; no trap, no stack.
refused() {
    local pattern=$1 started
    shift
    started=$(now_ms)
    fails on node-1 timeout 20 "$@"
    [ $(($(now_ms) - started)) -lt 15000 ] || { echo "this took too long to be refused: $*"; return 1; }
    expect_match "$*" "$pattern" "$OUTPUT"
    if grep -qE 'Fatal error|Swift/|Backtrace|Crash' <<<"$OUTPUT"; then printf 'a crash: %s\n%s\n' "$*" "$OUTPUT"; return 1; fi
}

daemons_refuse_bad_flags() {
    local worker=(skein-worker --state-dir "$CLUSTER_DIR/bad" --socket /run/skein/bad.sock)
    local controller=(skein-controller -H unix:///run/skein/bad.sock)
    refused "--no-such-flag" "${worker[@]}" --no-such-flag
    refused "cluster-store" "${worker[@]}" --cluster-advertise eth0:2376
    refused "nonsense" "${worker[@]}" --cluster-store nonsense --cluster-advertise eth0:2376
    refused "zookeeper" "${worker[@]}" --cluster-store zookeeper://10.98.0.100:2181 --cluster-advertise eth0:2376
    refused "no-such-device" "${worker[@]}" --cluster-store etcd://10.98.0.100:2379 --cluster-advertise no-such-device:2376
    refused "discovery.colour|colour" "${worker[@]}" --cluster-store etcd://10.98.0.100:2379 --cluster-advertise eth0:2376 --cluster-store-opt discovery.colour=red
    refused "vxlan-port|70000" "${worker[@]}" --cluster-store etcd://10.98.0.100:2379 --cluster-advertise eth0:2376 --vxlan-port 70000
    refused "loud" "${worker[@]}" --cluster-store etcd://10.98.0.100:2379 --cluster-advertise eth0:2376 --log-level loud
    refused "root|privilege" setpriv --reuid 65534 --regid 65534 --clear-groups "${worker[@]}" --cluster-store etcd://10.98.0.100:2379 --cluster-advertise eth0:2376
    refused "--no-such-flag" "${controller[@]}" --no-such-flag
    refused "nonsense" "${controller[@]}" --cluster-store nonsense
    refused "http" "${controller[@]}" --cluster-store etcd://10.98.0.100:2379 -H http://0.0.0.0:2375
    refused "node-grace|-5" "${controller[@]}" --cluster-store etcd://10.98.0.100:2379 --node-grace=-5
}

networks_refuse_bad_subnets() {
    refused "10.1.2.3/24.*10.1.2.0/24" skein network create --subnet 10.1.2.3/24 bad
    refused "10.1.2.0/33" skein network create --subnet 10.1.2.0/33 bad
    refused "gateway|10.9.9.9" skein network create --subnet 10.1.2.0/24 --gateway 10.9.9.9 bad
    refused "range|10.5.0.0/16" skein network create --subnet 10.1.2.0/24 --ip-range 10.5.0.0/16 bad
    refused "macvlan" skein network create -d macvlan bad
    refused "no.such.option" skein network create --opt no.such.option=1 bad
    refused "10.98.0.0/24|overlap" skein network create --subnet 10.98.0.0/16 bad
    expect_equal "networks" "" "$(store_keys networks/)"
    expect_equal "pools" "" "$(store_keys pools/global/)"
}

pools_and_names_conflict() {
    on node-1 skein network create --subnet 10.61.0.0/16 first
    refused "overlap" skein network create --subnet 10.61.5.0/24 second
    refused "first" skein network create first
    on node-1 skein network rm first
}

sandboxes_refuse_bad_addresses() {
    on node-1 skein network create --subnet 10.62.0.0/29 small
    refused "10.99.0.5" skein run -d --name out --net small --ip 10.99.0.5 sleep 1h
    on node-1 skein run -d --name one --net small --ip 10.62.0.2 sleep 1h
    refused "10.62.0.2" skein run -d --name two --net small --ip 10.62.0.2 sleep 1h
    refused "one" skein run -d --name one --net small sleep 1h
    refused "no-such-network" skein run -d --name three --net no-such-network sleep 1h
    refused "-bad" skein run -d --name=-bad --net small sleep 1h
    for name in three four five six; do on node-1 skein run -d --name "$name" --net small sleep 1h; done
    refused "10.62.0.0/29|full|address" skein run -d --name seven --net small sleep 1h
    expect_equal "sandboxes" "five four one six three " "$(on node-1 ip netns list | awk '/^sk-/{print substr($1, 4)}' | sort | tr '\n' ' ')"
    on node-1 skein sandbox rm -f one three four five six
    on node-1 skein network rm small
    eventually 10 "no namespace or interface on node-1" nothing_left node-1
}

second_worker_is_refused() {
    refused "another skein-worker serves this host" skein-worker --state-dir "$CLUSTER_DIR/bad" --socket /run/skein/bad.sock --cluster-store etcd://10.98.0.100:2379 --cluster-advertise eth0:2376
}

unreachable_store_is_named() {
    kill_part node-1 worker
    refused "10.98.0.77" skein-worker --state-dir "$CLUSTER_DIR/bad" --socket /run/skein/bad.sock --cluster-store etcd://10.98.0.77:2379 --cluster-advertise eth0:2376
}

scenario "the daemons refuse bad flags by name" daemons_refuse_bad_flags
scenario "a network refuses bad subnets and options, and nothing is left of it" networks_refuse_bad_subnets
scenario "overlapping pools and taken names are conflicts" pools_and_names_conflict
scenario "sandboxes refuse bad, taken and exhausted addresses" sandboxes_refuse_bad_addresses
scenario "a second worker on one host is refused, and leaves what the first has alone" second_worker_is_refused
scenario "a store that cannot be reached is named" unreachable_store_is_named
