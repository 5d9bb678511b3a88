# shellcheck shell=bash
# Answers a second, asked from a sandbox. The other servers listen beside ours, on the gateway's address in the network's namespace, so
# that every question and every answer goes the same way. Where asker and server share two cores it is the asker that sets the pace: so there
# is also a row of answers for each second of the server's own processor time. The servers are asked in turn, and the medians shown.

DNSMASQ_PORT=5301 KNOTD_PORT=5302 DNS_ROUNDS=5

bench_dns() {
    local gateway namespace round
    on node-1 skein network create bench-dns >"$WORK/log"
    on node-1 skein sandbox create asker --net bench-dns >>"$WORK/log"
    on node-2 skein sandbox create answer --net bench-dns >>"$WORK/log"
    namespace=$(network_namespace node-1 bench-dns)
    gateway=$(network_gateway node-1 bench-dns)
    printf 'answer A\n' >"$WORK/queries"
    printf 'answer.bench A\n' >"$WORK/queries-beside"
    write_knot_configuration "$gateway"
    serve_beside dnsmasq "$DNSMASQ_PORT" dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces --listen-address "$gateway" \
        --port "$DNSMASQ_PORT" --address /answer.bench/10.0.0.9 --pid-file=
    serve_beside knotd "$KNOTD_PORT" knotd --config "$WORK/knot.conf"
    rm -f "$WORK"/answers-*
    for ((round = 0; round < DNS_ROUNDS; round++)); do
        asked worker 53 "$WORK/queries"
        asked dnsmasq "$DNSMASQ_PORT" "$WORK/queries-beside"
        asked knotd "$KNOTD_PORT" "$WORK/queries-beside"
    done
    dns_rows dnsmasq
    dns_rows knotd
    kill_on_host "$(host_directory node-1)" dnsmasq
    kill_on_host "$(host_directory node-1)" knotd
    {
        on node-1 skein sandbox rm -f asker
        on node-2 skein sandbox rm -f answer
        on node-1 skein network rm bench-dns
    } >>"$WORK/log"
}

# dns_rows SERVER
dns_rows() {
    row dns "answers a second, A record" 1/s "$(median_answers worker 1)" "$1" "$(median_answers "$1" 1)"
    row dns "answers a second of its processor time" 1/s "$(median_answers worker 2)" "$1" "$(median_answers "$1" 2)"
}

# median_answers PART COLUMN
median_answers() {
    cut -d ' ' -f "$2" "$WORK/answers-$1" | median
}

# asked PART PORT QUESTIONS: notes the answers a second to a sandbox, and the answers a second of the server's processor time.
asked() {
    local before after
    before=$(processor_ticks "$1")
    on node-1 ip netns exec sk-asker dnsperf -s "$gateway" -p "$2" -d "$3" -l 2 -c 4 -Q 1000000 >"$WORK/dnsperf"
    after=$(processor_ticks "$1")
    awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" '/Queries completed:/ { answers = $3 }
        /Queries per second:/ { print $4, answers * hertz / (ticks > 0 ? ticks : 1) }' "$WORK/dnsperf" >>"$WORK/answers-$1"
}

# processor_ticks PART: what it has used so far, of all its threads: fields 14 and 15 of proc(5)'s stat.
processor_ticks() {
    on node-1 awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$(part_pid "$(host_directory node-1)" "$1")/stat"
}

# serve_beside PART PORT COMMAND…: another server in the same place. Needs bench_dns's namespace and gateway.
serve_beside() {
    local part=$1 port=$2
    shift 2
    start_on_host "$(host_directory node-1)" "$part" ip netns exec "$namespace" "$@"
    until_true 10 answers_at "$port" || die "$part does not answer"
}

answers_at() {
    on node-1 ip netns exec sk-asker dig +short +tries=1 +time=1 -p "$1" "@$gateway" answer.bench 2>/dev/null | grep -q 10.0.0.9
}

write_knot_configuration() {
    mkdir -p "$WORK/knot"
    cat >"$WORK/knot.conf" <<-CONFIGURATION
	server:
	    listen: $1@$KNOTD_PORT
	    rundir: $WORK/knot
	database:
	    storage: $WORK/knot
	zone:
	  - domain: bench
	    file: $WORK/knot/bench.zone
	CONFIGURATION
    cat >"$WORK/knot/bench.zone" <<-ZONE
	\$ORIGIN bench.
	@ 3600 SOA bench. bench. 1 3600 600 86400 60
	@ 3600 NS bench.
	@ 3600 A 10.0.0.1
	answer 5 A 10.0.0.9
	ZONE
}
