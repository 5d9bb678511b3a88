#!/usr/bin/env bash
# Names of containers across unmodified engines: whatever Docker lets a user call a container by, and the names of the world outside.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/containers.sh"

cluster_up --hosts 2 --store etcd --engine docker

start_with_asker() {
    make_network node-1 named
    container node-1 asker named
}

every_name_of_a_container() {
    local id address name
    start_with_asker
    id=$(container node-2 Target named --network-alias blue --network-alias green | cut -c 1-12)
    address=$(address_in node-2 Target named)
    for name in Target target TARGET target.named blue blue.named GREEN "$id"; do resolves_to node-1 asker "$name" "$address"; done
    reaches node-1 asker target
    reaches node-2 Target asker
    expect_match "the name of $address" "arget" "$(inside node-1 asker nslookup "$address")"
    expect_equal "a name that nobody has" NXDOMAIN "$(answer node-1 asker nobody)"
    expect_equal "its IPv6 addresses" "" "$(inside node-1 asker nslookup -type=aaaa target 2>&1 | sed -n '/^Name:/,$s/^Address: *//p')"
}

aliases_are_shared() {
    local addresses
    container node-1 pool1 named --network-alias pool
    container node-2 pool2 named --network-alias pool
    addresses=$(printf '%s\n' "$(address_in node-1 pool1 named)" "$(address_in node-2 pool2 named)" | sort)
    container node-2 watcher named
    # The engine of node-1 knows its own container of that name and asks nobody else; whoever is elsewhere gets both from us, or its own.
    expect_match "pool in asker" "$(address_in node-1 pool1 named)" "$(answer node-1 asker pool)"
    remove node-2 pool2
    container node-1 pool3 named --network-alias pool
    addresses=$(printf '%s\n' "$(address_in node-1 pool1 named)" "$(address_in node-1 pool3 named)" | sort | paste -s -d ' ')
    resolves_to node-2 watcher pool "$addresses"
    remove node-1 pool1 pool3
    resolves_to node-2 watcher pool NXDOMAIN
    remove node-2 watcher
}

links_give_names_to_one() {
    container node-1 linked named --link Target:database
    resolves_to node-1 linked database "$(address_in node-2 Target named)"
    reaches node-1 linked database
    expect_equal "the link's name for another container" NXDOMAIN "$(answer node-1 asker database)"
    remove node-1 linked
}

renamed() {
    local address
    address=$(address_in node-2 Target named)
    on node-2 docker rename Target moved
    resolves_to node-1 asker moved "$address"
    resolves_to node-1 asker target NXDOMAIN
    resolves_to node-1 asker blue "$address"
    on node-2 docker rename moved Target
    resolves_to node-1 asker target "$address"
}

connected_and_disconnected() {
    container node-2 late bridge
    expect_equal "late before it is connected" NXDOMAIN "$(answer node-1 asker late)"
    in_time node-2 docker network connect --alias guest named late
    resolves_to node-1 asker late "$(address_in node-2 late named)"
    resolves_to node-1 asker guest "$(address_in node-2 late named)"
    reaches node-1 asker late
    reaches node-2 late asker
    on node-2 docker network disconnect named late
    resolves_to node-1 asker late NXDOMAIN
    resolves_to node-1 asker guest NXDOMAIN
    remove node-2 late
}

stopped_and_started() {
    on node-2 docker stop Target
    resolves_to node-1 asker target NXDOMAIN
    in_time node-2 docker start Target
    resolves_to node-1 asker target "$(address_in node-2 Target named)"
    in_time node-2 docker restart Target
    resolves_to node-1 asker target "$(address_in node-2 Target named)"
    on node-2 docker pause Target
    resolves_to node-1 asker target "$(address_in node-2 Target named)"
    on node-2 docker unpause Target
    reaches node-1 asker target
}

# Its first process ends; the engine starts it again.
restart_policy() {
    local started
    container node-2 phoenix named --restart always
    resolves_to node-1 asker phoenix "$(address_in node-2 phoenix named)"
    started=$(on node-2 docker inspect --format '{{.State.StartedAt}}' phoenix)
    inside node-2 phoenix kill 1 || true
    eventually 10 "phoenix has been started again" has_started_since node-2 phoenix "$started"
    resolves_to node-1 asker phoenix "$(address_in node-2 phoenix named)"
    reaches node-1 asker phoenix
    remove node-2 phoenix
}

has_started_since() {
    is_running "$1" "$2" && [ "$(on "$1" docker inspect --format '{{.State.StartedAt}}' "$2")" != "$3" ]
}

engine_is_restarted() {
    container node-2 faithful named --restart always
    kill_part node-2 engine
    start_again node-2 engine
    eventually 15 "faithful runs again" is_running node-2 faithful
    resolves_to node-1 asker faithful "$(address_in node-2 faithful named)"
    reaches node-1 asker faithful
    remove node-2 faithful
    in_time node-2 docker start Target
    resolves_to node-1 asker target "$(address_in node-2 Target named)"
}

# A name can have one owner in a network: the second container runs, and is known by its other names.
one_name_on_two_engines() {
    local first second
    container node-1 double named
    first=$(address_in node-1 double named)
    second=$(container node-2 double named --network-alias understudy | cut -c 1-12)
    resolves_to node-1 asker understudy "$(address_in node-2 double named)"
    resolves_to node-1 asker "$second" "$(address_in node-2 double named)"
    expect_equal "double" "$first" "$(answer node-1 asker double)"
    expect_match "the log of node-2's worker" "double" "$(grep -E ' (error|warning) ' "$CLUSTER_DIR/node-2/worker.log")"
    remove node-1 double
    remove node-2 double
}

# The world outside is the DNS server of node-0.
foreign_names_are_forwarded() {
    local host
    start_on_host "$(host_directory node-0)" dnsmasq dnsmasq --keep-in-foreground --no-resolv --no-hosts --pid-file= \
        --address /example.test/192.0.2.7 --local /example.test/ --local /invalid/
    for host in node-1 node-2; do on "$host" bash -c 'echo nameserver 10.98.0.100 >/etc/resolv.conf'; done
    container node-2 plain bridge
    resolves_to node-1 asker www.example.test 192.0.2.7
    resolves_to node-2 plain www.example.test 192.0.2.7
    expect_equal "a foreign name that is not there" NXDOMAIN "$(answer node-2 plain absent.invalid)"
    expect_equal "a container's name, asked from the engine's own bridge" 0 "$(answer node-2 plain target | grep -c '^10\.' || true)"
    make_network node-1 closed --internal
    container node-1 inside closed
    container node-2 other closed
    resolves_to node-1 inside other "$(address_in node-2 other closed)"
    expect_match "a foreign name on an internal network" "REFUSED|NXDOMAIN|SERVFAIL" "$(answer node-1 inside www.example.test)"
    remove node-1 inside
    remove node-2 other plain
    drop_network node-1 closed
}

scenario "name, network's name, aliases and short id resolve on another engine, whatever the case (lesson 29)" every_name_of_a_container
scenario "an alias names all containers that have it" aliases_are_shared
scenario "a link names a container of another engine, for the one that has it" links_give_names_to_one
scenario "docker rename moves the name" renamed
scenario "names come and go with connect and disconnect" connected_and_disconnected
scenario "a stopped container has no name (lesson 7)" stopped_and_started
scenario "a container that its restart policy starts again has its name" restart_policy
scenario "containers have their names again when their engine was killed" engine_is_restarted
scenario "a name that is taken on another engine stays its owner's" one_name_on_two_engines
scenario "foreign names are forwarded, from our networks and from the engine's own bridge" foreign_names_are_forwarded
