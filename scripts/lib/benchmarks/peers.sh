# shellcheck shell=bash
# 20,000 remote endpoints, from the view's change until the kernel has them; beside the same entries written by iproute2.

PEERS=20000

bench_peers-20000() {
    local host=$WORK/peers-host round ours=() beside=()
    start_host bench-peers "$host"
    hand_made_network "$host"
    for ((round = 0; round < 3; round++)); do
        ours+=("$(on_host "$host" PATH="$CLUSTER_PATH" skein-bench peers --count "$PEERS")")
        beside+=("$(peers_by_hand "$host")")
    done
    stop_host "$host"
    row peers-20000 "$PEERS remote endpoints programmed, median of 3" ms "$(printf '%s\n' "${ours[@]}" | median)" \
        "bridge -batch plus ip -batch" "$(printf '%s\n' "${beside[@]}" | median)"
}

# hand_made_network HOST: a bridge with a VXLAN device, and the batches for it.
hand_made_network() {
    on_host "$1" ip -batch - <<-BATCH
	link add br0 type bridge
	link add vxlan0 type vxlan id 999 dstport 4799 local 127.0.0.1 nolearning
	link set vxlan0 master br0 up
	link set br0 up
	BATCH
    awk -v n="$PEERS" -v neighbours="$WORK/neighbours.batch" -v fdb="$WORK/fdb.batch" 'BEGIN {
        for (i = 0; i < n; i++) {
            mac = sprintf("02:42:0a:0a:%02x:%02x", int(i / 256), i % 256)
            printf "neigh replace 10.10.%d.%d lladdr %s dev br0 nud permanent\n", int(i / 256), i % 256, mac >neighbours
            printf "fdb replace %s dev vxlan0 dst 10.98.0.102 self master static\n", mac >fdb
        }
    }'
}

# peers_by_hand HOST: milliseconds; the entries are gone again afterwards.
peers_by_hand() {
    local started
    started=$(now_us)
    on_host "$1" ip -batch "$WORK/neighbours.batch" >&2
    on_host "$1" bridge -batch "$WORK/fdb.batch" >&2
    awk -v us=$(($(now_us) - started)) 'BEGIN { print us / 1000 }'
    on_host "$1" ip neigh flush dev br0 nud permanent >&2
    on_host "$1" ip link set vxlan0 down >&2
    on_host "$1" ip link set vxlan0 up >&2
}
