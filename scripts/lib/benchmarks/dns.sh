# shellcheck shell=bash
# Answers a second, asked from a sandbox; the other servers answer on a loopback, which is kinder to them.

bench_dns() {
    local ours dnsmasq knot gateway
    on node-1 skein network create bench-dns >"$WORK/log"
    on node-1 skein sandbox create asker --net bench-dns >>"$WORK/log"
    on node-2 skein sandbox create answer --net bench-dns >>"$WORK/log"
    gateway=$(on node-1 skein network inspect bench-dns | jq -r '.[0].IPAM.Config[0].Gateway | split("/")[0]')
    printf 'answer A\n' >"$WORK/queries"
    printf 'answer.bench A\n' >"$WORK/queries-beside"
    ours=$(on node-1 ip netns exec sk-asker dnsperf -s "$gateway" -d "$WORK/queries" -l 5 -c 4 -Q 1000000 | answers_a_second)
    on node-1 ip netns add bench-dns
    on node-1 ip -n bench-dns link set lo up
    dnsmasq=$(answers_beside dnsmasq dnsmasq --keep-in-foreground --no-resolv --no-hosts --port 5301 --address /answer.bench/10.0.0.9 --pid-file=)
    write_knot_configuration
    knot=$(answers_beside knotd knotd --config "$WORK/knot.conf")
    row dns "answers a second, A record" 1/s "$ours" dnsmasq "$dnsmasq"
    row dns "answers a second, A record" 1/s "$ours" knotd "$knot"
    on node-1 ip netns del bench-dns
    {
        on node-1 skein sandbox rm -f asker
        on node-2 skein sandbox rm -f answer
        on node-1 skein network rm bench-dns
    } >>"$WORK/log"
}

answers_a_second() {
    awk '/Queries per second:/ { print $4 }'
}

# answers_beside PART COMMAND…: the same questions to another server, in a namespace of its own.
answers_beside() {
    local part=$1
    shift
    start_on_host "$(host_directory node-1)" "$part" ip netns exec bench-dns "$@"
    until_true 10 answers_beside_already || die "$part does not answer"
    on node-1 ip netns exec bench-dns dnsperf -s 127.0.0.1 -p 5301 -d "$WORK/queries-beside" -l 5 -c 4 -Q 1000000 | answers_a_second
    kill_on_host "$(host_directory node-1)" "$part"
}

answers_beside_already() {
    on node-1 ip netns exec bench-dns dig +short +tries=1 +time=1 -p 5301 @127.0.0.1 answer.bench 2>/dev/null | grep -q 10.0.0.9
}

write_knot_configuration() {
    mkdir -p "$WORK/knot"
    cat >"$WORK/knot.conf" <<-CONFIGURATION
	server:
	    listen: 127.0.0.1@5301
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
