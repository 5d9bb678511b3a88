# shellcheck shell=bash
# What the cluster store costs: transactions of the catalog, a large network's first view, and a crowd that watches. The store is an etcd of
# its own on node-0, beside the cluster's, so that it begins empty.

STORE_ROUNDS=5
BENCH_STORE=10.98.0.100:2479

# with_bench_store COMMAND…
with_bench_store() {
    # The one before has ended, but its last thread may still be closing its sockets.
    until_true 10 has_no_bench_store || die "the ports of the benchmark's store are taken on node-0"
    rm -rf "$WORK/store"
    start_on_host "$(host_directory node-0)" bench-store etcd --data-dir "$WORK/store" --logger zap --log-level error \
        --listen-client-urls "http://$BENCH_STORE" --advertise-client-urls "http://$BENCH_STORE" \
        --listen-peer-urls http://127.0.0.1:2480 --initial-advertise-peer-urls http://127.0.0.1:2480 \
        --initial-cluster default=http://127.0.0.1:2480
    until_true 10 on node-1 curl --silent --fail --output /dev/null "http://$BENCH_STORE/health" || die "the store of the benchmark does not answer"
    "$@"
    kill_on_host "$(host_directory node-0)" bench-store
}

has_no_bench_store() {
    [ -z "$(on node-0 ss -Htln '( sport = :2479 or sport = :2480 )')" ]
}

# store_bench COMMAND FLAG…
store_bench() {
    on node-1 skein-bench "$1" --host "${BENCH_STORE%:*}" --port "${BENCH_STORE#*:}" "${@:2}"
}

# MARK: transactions

bench_catalog-rate() {
    build_bare_posts
    with_bench_store catalog_rates
}

# The bodies that the catalog sends, from a loop that does nothing else.
build_bare_posts() {
    clang -O2 -o "$WORK/bare-posts" "$SKEIN_LIB/benchmarks/bare-posts.c" -lcurl -lpthread
}

catalog_rates() {
    local connections
    for connections in 1 32; do
        rm -f "$WORK"/rate-*
        rate_rounds "$connections"
        row catalog-rate "attaches a second, $connections at once" 1/s "$(median_of rate-catalog 1)" \
            "the same requests from a bare loop on libcurl" "$(median_of rate-bare 1)"
        row catalog-rate "processor time of the client for one, $connections at once" us "$(median_of rate-catalog 2)" \
            "the same requests from a bare loop on libcurl" "$(median_of rate-bare 2)"
    done
}

# rate_rounds CONNECTIONS: both in turn, on a root of their own each time. The requests are recorded in a run of their own.
rate_rounds() {
    local round count
    count=$((1 == $1 ? 1000 : 4000))
    for ((round = 0; round < STORE_ROUNDS; round++)); do
        store_bench attaches --root "bench-$1-$round" --connections "$1" --count "$count" >>"$WORK/rate-catalog"
        store_bench attaches --root "bare-$1-$round" --connections "$1" --count "$count" --bodies "$WORK/bodies" >/dev/null
        on node-1 "$WORK/bare-posts" "http://$BENCH_STORE/v3/kv/txn" "$1" "$WORK/bodies" >>"$WORK/rate-bare"
    done
}

# median_of FILE COLUMN
median_of() {
    cut -d ' ' -f "$2" "$WORK/$1" | median
}

# MARK: a large network

MIRRORED=50000

bench_mirror-50000() {
    with_bench_store mirror_rounds
}

mirror_rounds() {
    local round
    rm -f "$WORK"/mirror-*
    store_bench mirror --fill --count "$MIRRORED"
    for ((round = 0; round < STORE_ROUNDS; round++)); do
        store_bench mirror >>"$WORK/mirror-ours"
        on node-1 curl --silent --output /dev/null --write-out '%{time_total}\n' --data "$(list_body bench/endpoints/ bench/endpoints0)" \
            "http://$BENCH_STORE/v3/kv/range" | to_milliseconds >>"$WORK/mirror-curl"
    done
    row mirror-50000 "first view of $MIRRORED endpoints" ms "$(median_of mirror-ours 1)" "the same list by curl, thrown away" \
        "$(median_of mirror-curl 1)"
    row mirror-50000 "growth of resident memory, at rest" MB "$(median_of mirror-ours 2)"
    row mirror-50000 "growth of resident memory, at most" MB "$(median_of mirror-ours 3)"
}

# list_body FIRST BOUND: a request for a range of keys.
list_body() {
    printf '{"key":"%s","range_end":"%s"}' "$(printf %s "$1" | base64 -w 0)" "$(printf %s "$2" | base64 -w 0)"
}

# MARK: a crowd that watches

WATCHING=1000

bench_watchers-1000() {
    with_bench_store watch_rounds
}

watch_rounds() {
    local alone crowd
    alone=$(store_bench watchers --root bench-alone --workers 1)
    note_store_cost "$WORK/cost-before"
    crowd=$(store_bench watchers --root bench-crowd --workers "$WATCHING" & watch_store_memory $! && wait $!)
    note_store_cost "$WORK/cost-after"
    watch_rows "$alone" "$crowd"
}

# watch_rows ALONE CROWD: the median, the 99th percentile and the maximum of both.
watch_rows() {
    local what place=1
    for what in "half of them" "99 in 100" "all"; do
        row watchers-1000 "until $what of $WATCHING workers know of an attach" ms "$(cut -d ' ' -f "$place" <<<"$2")" "one worker alone" \
            "$(cut -d ' ' -f "$place" <<<"$1")"
        place=$((place + 1))
    done
    row watchers-1000 "processor time of etcd, crowd's arrival and 40 attaches" s \
        "$(paste "$WORK/cost-before" "$WORK/cost-after" | awk '$1 == "process_cpu_seconds_total" { print $4 - $2 }')"
    row watchers-1000 "resident memory of etcd with the crowd, at most" MB "$(sort -g "$WORK/cost-memory" | tail -n 1)"
    row watchers-1000 "events that etcd sent" events \
        "$(paste "$WORK/cost-before" "$WORK/cost-after" | awk '$1 == "etcd_debugging_mvcc_events_total" { print $4 - $2 }')"
}

# note_store_cost FILE: what etcd counts of itself.
note_store_cost() {
    on node-1 curl --silent "http://$BENCH_STORE/metrics" \
        | awk '$1 == "process_cpu_seconds_total" || $1 == "etcd_debugging_mvcc_events_total" { print $1, $2 }' >"$1"
}

# watch_store_memory PID: etcd's resident memory in MB while a process runs, a line a second.
watch_store_memory() {
    while kill -0 "$1" 2>/dev/null; do
        on node-1 curl --silent "http://$BENCH_STORE/metrics" | awk '$1 == "process_resident_memory_bytes" { print $2 / 1048576 }'
        sleep 1
    done >"$WORK/cost-memory"
}
