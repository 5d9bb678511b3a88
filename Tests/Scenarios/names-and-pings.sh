#!/usr/bin/env bash
# The main job: sandboxes on different hosts reach each other by name, and by nothing else.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"

cluster_up --hosts 3 --store etcd

make_network_with_three() {
    local number
    on node-1 skein network create multi
    for number in 1 2 3; do on "node-$number" skein run -d --name "demo$number" --net multi sleep 1h; done
}

every_pair_pings_by_name() {
    local from to
    make_network_with_three
    for from in 1 2 3; do
        for to in 1 2 3; do
            eventually 10 "demo$from reaches demo$to" on "node-$from" skein sandbox exec "demo$from" ping -c 1 -W 2 "demo$to"
        done
    done
}

# Each round makes a pair that has never spoken; one single packet is sent, with no wait before it.
first_ping_is_answered() {
    local round
    on node-1 skein network create fresh
    for round in 1 2 3 4 5; do
        on node-1 skein run -d --name "a$round" --net fresh sleep 1h
        on node-2 skein run -d --name "b$round" --net fresh sleep 1h
        eventually 10 "b$round resolves on the other host" on node-1 skein sandbox exec "a$round" getent hosts "b$round"
        on node-1 skein sandbox exec "a$round" ping -c 1 -W 2 "b$round"
    done
    on node-1 skein sandbox rm -f a1 a2 a3 a4 a5
    on node-2 skein sandbox rm -f b1 b2 b3 b4 b5
    on node-3 skein network rm fresh
}

names_ignore_case() {
    on node-1 skein run -d --name Web --net multi sleep 1h
    fails on node-2 skein run -d --name web --net multi sleep 1h
    expect_match "the refusal" "[Ww]eb" "$OUTPUT"
    expect_equal "sandboxes named web on node-2" 0 "$(on node-2 skein sandbox ls | grep -ciw web || true)"
    on node-3 skein sandbox exec demo3 ping -c 1 -W 2 WEB
    on node-1 skein sandbox rm -f Web
}

no_broadcast_crosses_the_underlay() {
    start_on_host "$(host_directory node-2)" sniffer tcpdump -i eth0 -n -U -w "$CLUSTER_DIR/underlay.pcap" udp port 4789
    eventually 10 "tcpdump listens" grep -q "listening on" "$(host_directory node-2)/sniffer.log"
    on node-1 skein sandbox exec demo1 ping -c 2 -i 0.2 -W 2 demo2
    eventually 10 "the pings are seen on the underlay" captured "ICMP echo reply, .* seq 2"
    kill_on_host "$(host_directory node-2)" sniffer INT
    fails captured ARP
}

# captured PATTERN
captured() {
    [[ $(tcpdump -n -r "$CLUSTER_DIR/underlay.pcap" 2>/dev/null) =~ $1 ]]
}

other_networks_are_out_of_reach() {
    local address
    address=$(on node-1 skein sandbox exec demo1 hostname -I | awk '{print $1}')
    on node-2 skein network create other
    on node-2 skein run -d --name stranger --net other sleep 1h
    fails on node-2 skein sandbox exec stranger ping -c 1 -W 1 demo1
    fails on node-2 skein sandbox exec stranger ping -c 1 -W 1 "$address"
    on node-2 skein sandbox rm -f stranger
    on node-2 skein network rm other
}

# Names and pings by either family, and the name of an IPv6 address.
both_families() {
    local address
    on node-1 skein network create --ipv6 both
    on node-1 skein run -d --name six1 --net both sleep 1h
    on node-2 skein run -d --name six2 --net both sleep 1h
    eventually 10 "six2 resolves on the other host" on node-1 skein sandbox exec six1 getent ahostsv6 six2
    on node-1 skein sandbox exec six1 ping -6 -c 1 -W 2 six2
    on node-1 skein sandbox exec six1 ping -4 -c 1 -W 2 six2
    address=$(on node-2 skein sandbox exec six2 ip -6 -o address show scope global | awk '{sub("/.*", "", $4); print $4}')
    expect_match "the name of $address" "six2.both" "$(on node-1 skein sandbox exec six1 getent hosts "$address")"
    on node-1 skein sandbox rm -f six1
    on node-2 skein sandbox rm -f six2
    on node-1 skein network rm both
}

# Nobody can answer for addresses that Skein did not give out, so these sandboxes find each other by asking.
addresses_of_their_own() {
    on node-1 skein network create --ipam-driver null flat
    on node-1 skein run -d --name own1 --net flat sleep 1h
    on node-2 skein run -d --name own2 --net flat sleep 1h
    on node-1 skein sandbox exec own1 ip address add 10.1.1.1/24 dev eth0
    on node-2 skein sandbox exec own2 ip address add 10.1.1.2/24 dev eth0
    eventually 10 "own2 is found from the other host" on node-1 skein sandbox exec own1 ping -c 1 -W 1 10.1.1.2
    on node-1 skein sandbox rm -f own1
    on node-2 skein sandbox rm -f own2
    on node-1 skein network rm flat
}

way_out_unless_internal() {
    on node-1 skein network create --internal closed
    on node-1 skein run -d --name inside --net closed sleep 1h
    on node-1 skein sandbox exec demo1 ping -c 1 -W 2 10.98.0.100
    fails on node-1 skein sandbox exec inside ping -c 1 -W 1 10.98.0.100
    on node-1 skein sandbox rm -f inside
    on node-1 skein network rm closed
}

docker_shows_and_manages_networks() {
    local url
    url=$(controller_url)
    on node-2 docker -H "$url" network create -d overlay --subnet 10.77.0.0/24 dockers
    expect_match "docker network ls" "dockers +overlay +global" "$(on node-3 docker -H "$url" network ls)"
    on node-2 docker -H "$url" network connect dockers demo3
    expect_match "the endpoints" "demo3" "$(on node-1 docker -H "$url" network inspect dockers)"
    fails on node-2 docker -H "$url" network rm dockers
    on node-2 docker -H "$url" network disconnect dockers demo3
    on node-2 docker -H "$url" network rm dockers
    expect_match "docker info" "node-[123]" "$(on node-1 docker -H "$url" info)"
    on node-1 docker -H "$url" version
}

everything_goes_without_a_trace() {
    local number
    fails on node-1 skein network rm multi
    for number in 1 2 3; do on "node-$number" skein sandbox rm -f "demo$number"; done
    on node-2 skein network rm multi
    eventually 10 "no namespace or interface on any host" nothing_left node-1 node-2 node-3
    for prefix in networks/ network-names/ vnis/ addresses/ endpoints/ names/ node-endpoints/ sandboxes/ requests/; do
        expect_equal "keys below $prefix" "" "$(store_keys "$prefix")"
    done
}

scenario "sandboxes on three hosts ping each other by name" every_pair_pings_by_name
scenario "the first ping of a fresh pair is answered (lesson 20)" first_ping_is_answered
scenario "Web and web conflict, WEB resolves (lesson 29)" names_ignore_case
scenario "no ARP crosses the underlay" no_broadcast_crosses_the_underlay
scenario "a sandbox on another network has no name and no path" other_networks_are_out_of_reach
scenario "both families of addresses cross hosts and have names" both_families
scenario "sandboxes with addresses of their own find each other" addresses_of_their_own
scenario "a network leads out by the uplink, and an internal one does not" way_out_unless_internal
scenario "the real docker command line manages networks" docker_shows_and_manages_networks
scenario "removing sandboxes and networks leaves no trace" everything_goes_without_a_trace
