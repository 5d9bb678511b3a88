# shellcheck shell=bash
# Containers of a real engine: what a network costs when one starts, and when a running one is connected. Each round measures all of them, one
# after the other, as the engine's API answers. Ours are on node-1, whose engine is as anybody's; the engine's own overlay is on node-3, whose
# engine has --cluster-store with an etcd of its own: its `none` is measured too, so that only what the networks add is compared. A driver
# that does nothing shows what of it is the engine's own work. A container stays on each network all the time.

bench_container-start() {
    local round kind
    local -A started
    prepare_engines
    rm -f "$WORK"/start-*
    for ((round = 0; round < CONTAINERS; round++)); do
        started_milliseconds node-1 none none
        started_milliseconds node-1 bench-bridge bridge
        started_milliseconds node-1 bench-skein skein
        started_milliseconds node-1 bench-idle idle
        ! has_own_overlay || started_milliseconds node-3 none overlay-none
        ! has_own_overlay || started_milliseconds node-3 bench-overlay overlay
    done
    for kind in none bridge skein idle overlay-none overlay; do
        [ ! -f "$WORK/start-$kind" ] || started[$kind]=$(median <"$WORK/start-$kind")
    done
    row container-start "a container starts, median of $CONTAINERS" ms "${started[skein]}" "the engine's own bridge" "${started[bridge]}"
    row container-start "the same" ms "${started[skein]}" "--net none" "${started[none]}"
    row container-start "what the network adds to --net none" ms "$(difference "${started[skein]}" "${started[none]}")" \
        "a driver that does nothing" "$(difference "${started[idle]}" "${started[none]}")"
    ! has_own_overlay || row container-start "the same" ms "$(difference "${started[skein]}" "${started[none]}")" \
        "the engine's own overlay, --cluster-store" "$(difference "${started[overlay]}" "${started[overlay-none]}")"
}

bench_network-connect() {
    local round skein
    prepare_engines
    rm -f "$WORK"/connect-*
    on node-1 docker run --detach --init --name bench-runner busybox sleep 1h >>"$WORK/log"
    ! has_own_overlay || on node-3 docker run --detach --init --name bench-runner busybox sleep 1h >>"$WORK/log"
    for ((round = 0; round < CONTAINERS; round++)); do
        connected_milliseconds node-1 bench-bridge bridge
        connected_milliseconds node-1 bench-skein skein
        ! has_own_overlay || connected_milliseconds node-3 bench-overlay overlay
    done
    skein=$(median <"$WORK/connect-skein")
    row network-connect "a container is connected, median of $CONTAINERS" ms "$skein" "the engine's own bridge" "$(median <"$WORK/connect-bridge")"
    ! has_own_overlay || row network-connect "the same" ms "$skein" "the engine's own overlay, --cluster-store" "$(median <"$WORK/connect-overlay")"
}

difference() {
    awk -v a="$1" -v b="$2" 'BEGIN { print a - b }'
}

# has_own_overlay: the engine knows --cluster-store, which ended with 23.0.
has_own_overlay() {
    [ "$OWN_OVERLAY" = yes ]
}

# prepare_engines: once a cluster.
prepare_engines() {
    [ ! -f "$WORK/engines-ready" ] || return 0
    OWN_OVERLAY=no
    [ "$(dockerd --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')" -ge 23 ] || OWN_OVERLAY=yes
    {
        on node-1 docker network create bench-bridge
        on node-1 docker network create --driver skein bench-skein
        until_true 10 is_on_engine node-2 bench-skein || die "node-2 did not get the network bench-skein"
        on node-1 docker run --detach --init --name stays-bridge --net bench-bridge busybox sleep 1h
        on node-1 docker run --detach --init --name stays-skein --net bench-skein busybox sleep 1h
        on node-2 docker run --detach --init --name stays-beside --net bench-skein busybox sleep 1h
        prepare_idle_driver
        ! has_own_overlay || prepare_own_overlay
    } >"$WORK/log"
    touch "$WORK/engines-ready"
}

is_on_engine() {
    on "$1" docker network inspect "$2" >/dev/null 2>&1
}

# Its devices are made before anything is measured.
prepare_idle_driver() {
    local number
    for ((number = 0; number <= CONTAINERS; number++)); do
        printf 'link add idle%d type veth peer name idlepeer%d\nlink set idlepeer%d up\n' "$number" "$number" "$number"
    done | on node-1 ip -batch -
    start_on_host "$(host_directory node-1)" idle-driver env PATH="$CLUSTER_PATH" skein-bench idle-driver /run/docker/plugins/idle.sock
    until_true 10 on node-1 docker network create --driver idle --ipam-driver idle bench-idle
    on node-1 docker run --detach --init --name stays-idle --net bench-idle busybox sleep 1h
}

# The engine speaks etcd's v2 API, which the cluster's own etcd does not.
prepare_own_overlay() {
    local node url=http://10.98.0.100:2389
    node=$(host_directory node-3)
    start_on_host "$(host_directory node-0)" etcd-v2 etcd --enable-v2=true --data-dir "$WORK/etcd-v2" --log-level warn --logger zap \
        --listen-client-urls http://0.0.0.0:2389 --advertise-client-urls "$url" --listen-peer-urls http://127.0.0.1:2390
    until_true 20 on node-3 curl --silent --fail --output /dev/null "$url/health" || die "the etcd for the engine's own overlay did not start"
    kill_on_host "$node" engine TERM
    start_engine "$node" --cluster-store "${url/http:/etcd:}" --cluster-advertise eth0:2377
    await_part node-3 engine
    until_true 20 on node-3 docker network create --driver overlay bench-overlay || die "the engine of node-3 made no overlay"
    on node-3 docker run --detach --init --name stays-overlay --net bench-overlay busybox sleep 1h
}

# started_milliseconds HOST NETWORK KIND: a container that has been created is started.
started_milliseconds() {
    on "$1" docker create --init --name bench-started --net "$2" busybox sleep 1h >>"$WORK/log"
    engine_request "$1" containers/bench-started/start '' >>"$WORK/start-$3"
    on "$1" docker rm --force bench-started >>"$WORK/log"
}

# connected_milliseconds HOST NETWORK KIND
connected_milliseconds() {
    engine_request "$1" "networks/$2/connect" '{"Container":"bench-runner"}' >>"$WORK/connect-$3"
    on "$1" docker network disconnect "$2" bench-runner >>"$WORK/log"
}

# engine_request HOST PATH BODY: milliseconds until the engine has answered that it is done.
engine_request() {
    local answer
    answer=$(on "$1" curl --silent --show-error --output "$WORK/answer" --write-out '%{http_code} %{time_total}' --unix-socket /var/run/docker.sock \
        --header 'Content-Type: application/json' --data "$3" "http://docker/v1.40/$2")
    [[ $answer = 20* ]] || die "the engine of $1 answered $2 with $answer: $(cat "$WORK/answer")"
    to_milliseconds <<<"${answer#* }"
}
