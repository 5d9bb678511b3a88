# shellcheck shell=bash
# The parts of a cluster of hosts made by hosts.sh: the store, the controller, the workers, the engines. Needs common.sh, process.sh,
# hosts.sh, engines.sh, certificates.sh.

# Where a cluster's state is. Several clusters may be up, each with its own directory.
CLUSTER_DIR=${SKEIN_CLUSTER_DIR:-$SKEIN_ROOT/.cluster}

# The underlay: node-N has 10.98.0.(100+N); the fabric itself, .1, is the hosts' default router.
UNDERLAY=10.98.0
UNDERLAY_LENGTH=24

host_directory() {
    echo "$CLUSTER_DIR/$1"
}

# node_number NAME: the N of node-N, if there is such a host in this cluster.
node_number() {
    [[ $1 =~ ^node-([0-9]+)$ ]] && [ -d "$CLUSTER_DIR/$1" ] || return 1
    echo "${BASH_REMATCH[1]}"
}

host_address() {
    echo "$UNDERLAY.$((100 + $1))"
}

# load_settings: what `up` was called with.
load_settings() {
    [ -f "$CLUSTER_DIR/settings" ] || return 1
    # shellcheck source=/dev/null
    . "$CLUSTER_DIR/settings"
}

controller_url() {
    # Docker's ports without and with TLS.
    echo "tcp://$(host_address 0):$([ -z "$CLUSTER_TLS" ] && echo 2375 || echo 2376)"
}

# The URL for everybody but the controller that hosts an embedded store.
store_url() {
    local number url=etcd://
    for ((number = 0; number < CLUSTER_MEMBERS; number++)); do url+=$(host_address "$number"):2379,; done
    echo "${url%,}"
}

# member_names: the hosts that have a member of the store; none has one of an embedded store.
member_names() {
    local number
    [ "$CLUSTER_STORE" = etcd ] || return 0
    for ((number = 0; number < CLUSTER_MEMBERS; number++)); do printf 'node-%s\n' "$number"; done
}

worker_names() {
    local number
    for ((number = 1; number <= CLUSTER_HOSTS; number++)); do printf 'node-%s\n' "$number"; done
}

# host_parts HOST: in the order in which they start.
host_parts() {
    local part
    for part in store controller worker engine; do
        ! part_exists "$1" "$part" || echo "$part"
    done
}

# part_exists HOST PART
part_exists() {
    case $1/$2 in
    node-0/controller) true ;;
    */store) member_names | grep -x "$1" >/dev/null ;;
    node-0/*) false ;;
    */worker) true ;;
    */engine) [ "$CLUSTER_ENGINE" = docker ] ;;
    *) false ;;
    esac
}

# An embedded store lives in the controller: one process, two names.
canonical_part() {
    if [ "$1/$2/$CLUSTER_STORE" = node-0/store/embedded ]; then echo controller; else echo "$2"; fi
}

start_part() {
    local host=$1 directory
    directory=$(host_directory "$host")
    case $2 in
    store) start_etcd "$directory" "$(node_number "$host")" ;;
    controller) start_controller "$directory" ;;
    worker) start_worker "$directory" ;;
    engine) start_engine "$directory" ;;
    esac
}

# start_etcd DIRECTORY NUMBER: the member on that host.
start_etcd() {
    local scheme=http address number members=
    [ -z "$CLUSTER_TLS" ] || scheme=https
    address=$(host_address "$2")
    for ((number = 0; number < CLUSTER_MEMBERS; number++)); do members+=node-$number=$scheme://$(host_address "$number"):2380,; done
    # shellcheck disable=SC2046 # several flags
    start_on_host "$1" store etcd --name "node-$2" --data-dir "$1/etcd" --logger zap --log-level warn $(etcd_security "node-$2") \
        --listen-client-urls $scheme://0.0.0.0:2379 --advertise-client-urls "$scheme://$address:2379" \
        --listen-peer-urls "$scheme://$address:2380" --initial-advertise-peer-urls "$scheme://$address:2380" \
        --initial-cluster "${members%,}"
}

start_controller() {
    local store security port
    store=$(store_url) security=$(store_security node-0) port=$(controller_url)
    [ "$CLUSTER_STORE" = etcd ] || store=embedded://$1/store.sqlite security=
    # shellcheck disable=SC2046,SC2086 # several flags
    start_on_host "$1" controller "$CLUSTER_BIN/skein-controller" --cluster-store "$store" $security \
        -H unix:///run/skein/controller.sock -H "tcp://0.0.0.0:${port##*:}" $(controller_security) $CLUSTER_CONTROLLER_FLAGS
}

start_worker() {
    local engine=none
    [ "$CLUSTER_ENGINE" = none ] || engine=unix:///var/run/docker.sock
    # shellcheck disable=SC2046,SC2086 # several flags
    start_on_host "$1" worker "$CLUSTER_BIN/skein-worker" --cluster-store "$(store_url)" --cluster-advertise eth0:2376 \
        $(store_security "$(basename "$1")") \
        --engine "$engine" --state-dir "$1/state" $CLUSTER_WORKER_FLAGS
}

# part_ready HOST PART: whether it serves.
part_ready() {
    local directory
    directory=$(host_directory "$1")
    case $2 in
    store) curl_store "$1" /health --output /dev/null --max-time 2 ;;
    controller) on_host "$directory" curl --silent --fail --output /dev/null --max-time 2 --unix-socket /run/skein/controller.sock http://skein/_ping ;;
    worker) on_host "$directory" curl --silent --fail --output /dev/null --max-time 2 --unix-socket /run/skein/worker.sock http://skein/_ping ;;
    engine) on_host "$directory" curl --silent --fail --output /dev/null --max-time 2 --unix-socket /var/run/docker.sock http://docker/_ping ;;
    esac
}

# ready_or_ended HOST PART: ends the wait early when the process has died.
ready_or_ended() {
    part_ready "$1" "$2" || ! part_pid "$(host_directory "$1")" "$2" >/dev/null
}

# await_part HOST PART: until it serves; otherwise the end of its log and a failure.
await_part() {
    local log
    log=$(host_directory "$1")/$2.log
    until_true 30 ready_or_ended "$1" "$2" || true
    part_ready "$1" "$2" && return 0
    echo "the $2 on $1 did not start; the end of $log:" >&2
    tail -n 20 "$log" >&2
    return 1
}

# nodes_joined COUNT: whether the controller shows that many nodes.
nodes_joined() {
    [ "$(on_host "$(host_directory node-0)" "$CLUSTER_BIN/skein" -H unix:///run/skein/controller.sock node ls -q 2>/dev/null | wc -l)" -ge "$1" ]
}
