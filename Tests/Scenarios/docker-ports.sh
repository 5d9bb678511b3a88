#!/usr/bin/env bash
# The way out of a network of real engines' containers, and the way in by published ports.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/containers.sh"

cluster_up --hosts 2 --store etcd --engine docker

# web HOST NAME NETWORK [FLAG…]: answers "NAME" over HTTP on port 80.
web() {
    UNDO="docker rm --force $2" in_time "$1" docker run --detach --init --name "$2" --net "$3" "${@:4}" busybox \
        sh -c "echo $2 >/www/index.html; exec httpd -f -p 80 -h /www"
}

# page HOST URL
page() {
    on "$1" curl --silent --fail --max-time 2 "$2"
}

serves() {
    [ "$(page "$1" "$2")" = "$3" ]
}

# is_served HOST URL EXPECTED: as soon as the server in the container listens.
is_served() {
    eventually 10 "$2 serves $3 to $1" serves "$@"
}

not_served() {
    ! page "$@" >/dev/null
}

published_port() {
    make_network node-1 front
    web node-1 web1 front --publish 8080:80
    is_served node-0 http://10.98.0.101:8080 web1
    is_served node-2 http://10.98.0.101:8080 web1
    is_served node-1 http://10.98.0.101:8080 web1
    is_served node-1 http://127.0.0.1:8080 web1
    container node-2 client front
    expect_equal "the page, asked by a container of the network" web1 "$(inside node-2 client wget -q -O - http://web1)"
    expect_equal "the page, asked through the other host's port" web1 "$(inside node-2 client wget -q -O - http://10.98.0.101:8080)"
    not_served node-0 http://10.98.0.102:8080
}

port_of_one_address() {
    web node-1 web2 front --publish 10.98.0.101:8081:80
    is_served node-0 http://10.98.0.101:8081 web2
    not_served node-1 http://127.0.0.1:8081
    remove node-1 web2
    not_served node-0 http://10.98.0.101:8081
}

# The image has no UDP server; dnsmasq is the host's.
udp_port() {
    on node-1 docker run --detach --name echo --net front --publish 5353:53/udp --volume /usr:/usr:ro --volume /usr/lib:/lib:ro \
        --volume /usr/lib64:/lib64:ro busybox dnsmasq --keep-in-foreground --no-resolv --no-hosts --user=root --pid-file= --address /example.test/192.0.2.7
    eventually 10 "the answer comes back" answers_over_udp node-0 10.98.0.101 5353
    eventually 10 "the answer comes back to its own host" answers_over_udp node-1 10.98.0.101 5353
    remove node-1 echo
    not_answered_over_udp node-0 10.98.0.101 5353
}

answers_over_udp() {
    [ "$(on "$1" dig +short +tries=1 +time=1 -p "$3" "@$2" www.example.test A)" = 192.0.2.7 ]
}

not_answered_over_udp() {
    ! answers_over_udp "$@"
}

any_port() {
    local port
    web node-1 any front --expose 80 --publish-all
    port=$(published_of node-1 any)
    expect_match "the port" "^[0-9]+$" "$port"
    is_served node-0 "http://10.98.0.101:$port" any
    remove node-1 any
    not_served node-0 "http://10.98.0.101:$port"
}

# published_of HOST CONTAINER: the host port that leads to it. `docker port` shows those of the engine's own networks only.
published_of() {
    on "$1" skein port --format '{{.HostPort}}' "$2"
}

taken_port_is_refused() {
    fails web node-1 second front --publish 8080:80
    expect_match "the refusal" "8080" "$OUTPUT"
    is_served node-0 http://10.98.0.101:8080 web1
    remove node-1 second
    start_on_host "$(host_directory node-1)" listener busybox nc -l -p 8090
    eventually 10 "a program of the host listens" on node-1 bash -c 'ss -tln | grep -q :8090'
    fails web node-1 third front --publish 8090:80
    expect_match "the refusal" "8090" "$OUTPUT"
    kill_on_host "$(host_directory node-1)" listener
    remove node-1 third
    fails on node-1 timeout 2 busybox nc -l -p 8080
    expect_match "what another program is told" "in use" "$OUTPUT"
}

port_follows_its_container() {
    on node-1 docker stop web1
    not_served node-0 http://10.98.0.101:8080
    in_time node-1 docker start web1
    is_served node-0 http://10.98.0.101:8080 web1
    kill_part node-1 worker
    is_served node-0 http://10.98.0.101:8080 web1
    start_again node-1 worker
    is_served node-0 http://10.98.0.101:8080 web1
    on node-1 nft flush ruleset
    eventually 10 "the port is repaired (lesson 24)" serves node-0 http://10.98.0.101:8080 web1
}

way_out() {
    inside node-2 client ping -c 1 -W 2 10.98.0.1
    inside node-2 client ping -c 1 -W 2 10.98.0.100
    expect_equal "the devices of a container" "eth0 lo" "$(inside node-2 client ls /sys/class/net | sort | paste -s -d ' ')"
}

internal_network_is_closed() {
    make_network node-1 closed --internal
    container node-1 inmate closed
    web node-2 vault closed --publish 8082:80
    will_reach node-1 inmate vault
    expect_equal "the page, asked by a container of the network" vault "$(inside node-1 inmate wget -q -O - http://vault)"
    fails inside node-1 inmate ping -c 1 -W 1 10.98.0.1
    fails inside node-1 inmate ping -c 1 -W 1 10.98.0.100
    not_served node-0 http://10.98.0.102:8082
    remove node-1 inmate
    remove node-2 vault
    drop_network node-1 closed
}

no_bridge_beside_the_network() {
    local host
    for host in node-1 node-2; do
        expect_equal "docker_gwbridge on $host" "" "$(on "$host" docker network ls --quiet --filter name=docker_gwbridge)"
        fails on "$host" ip link show docker_gwbridge
    done
}

ports_go_with_their_networks() {
    remove node-1 web1
    remove node-2 client
    not_served node-0 http://10.98.0.101:8080
    drop_network node-2 front
    eventually 10 "no namespace or interface on any host" nothing_left node-1 node-2
    expect_equal "rules for ports" "" "$(on node-1 nft list ruleset | grep -E 'dport|8080' || true)"
}

scenario "a published port leads in from the world, from other hosts and from its own" published_port
scenario "a port can be published on one address" port_of_one_address
scenario "a UDP port leads in, and the answer out" udp_port
scenario "docker run -P finds a free port" any_port
scenario "a port that is taken is refused by name" taken_port_is_refused
scenario "a port follows its container, outlives the worker and is repaired (lessons 24 and 25)" port_follows_its_container
scenario "containers reach the world outside by their one device" way_out
scenario "an internal network leads neither out nor in" internal_network_is_closed
scenario "no docker_gwbridge is made" no_bridge_beside_the_network
scenario "nothing of published ports is left" ports_go_with_their_networks
