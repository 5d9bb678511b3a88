#!/usr/bin/env bash
# The walk-through of Docker 1.9's announcement, on three unmodified engines, apart from the driver's name; and how networks come to every engine.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/containers.sh"

cluster_up --hosts 3 --store etcd --engine docker

frontend_and_backend() {
    make_network node-1 frontend
    make_network node-1 backend
    container node-1 rose frontend
    container node-1 base backend
    in_time node-1 docker run --rm --net frontend busybox ping -c 1 -W 2 rose
    fails reaches node-1 base rose
    in_time node-1 docker network connect backend rose
    expect_match "the devices of rose" "eth1" "$(inside node-1 rose ip address)"
    reaches node-1 base rose
    reaches node-1 rose base
    expect_match "inspect of backend" "base.*rose|rose.*base" "$(on node-1 docker network inspect --format '{{range .Containers}}{{.Name}} {{end}}' backend)"
    # shellcheck disable=SC2016 # the engine's template
    expect_match "inspect of rose" "backend frontend|frontend backend" \
        "$(on node-1 docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}' rose)"
    on node-1 docker network disconnect backend rose
    fails inside node-1 rose ip address show eth1
    fails reaches node-1 base rose
    in_time node-1 docker run --rm --net frontend busybox ping -c 1 -W 2 rose
    remove node-1 rose base
    drop_network node-1 frontend
    drop_network node-1 backend
}

one_network_over_three_engines() {
    local number
    make_network node-1 multi
    for number in 2 3; do expect_equal "the subnet on node-$number" "$(subnet_of node-1 multi)" "$(subnet_of "node-$number" multi)"; done
    for number in 1 2 3; do container "node-$number" "demo$number" multi; done
    all_reach_all demo1 demo2 demo3
    for number in 1 2 3; do
        expect_match "the controller's inspect" "demo$number" "$(on node-2 docker -H "$(controller_url)" network inspect multi)"
    done
}

# Each round makes a pair that has never spoken; one single packet is sent.
first_ping_is_answered() {
    local round
    for round in 1 2 3; do
        container node-1 "left$round" multi
        container node-2 "right$round" multi
        resolves_to node-1 "left$round" "right$round" "$(address_in node-2 "right$round" multi)"
        reaches node-1 "left$round" "right$round"
    done
    remove node-1 left1 left2 left3
    remove node-2 right1 right2 right3
}

running_container_takes_part_everywhere() {
    make_network node-3 second
    container node-3 far second
    fails reaches node-1 demo1 far
    in_time node-1 docker network connect second demo1
    will_reach node-1 demo1 far
    will_reach node-3 far demo1
    reaches node-1 demo1 demo2
    on node-1 docker network disconnect second demo1
    fails reaches node-3 far demo1
    reaches node-1 demo1 demo2
    remove node-3 far
    drop_network node-2 second
}

created_at_the_controller() {
    local host
    on node-1 docker -H "$(controller_url)" network create --label colour=blue managed
    eventually 10 "every engine lists managed" everywhere_has_network managed
    for host in node-1 node-2 node-3; do
        expect_equal "driver and label on $host" "skein blue" "$(on "$host" docker network inspect --format '{{.Driver}} {{.Labels.colour}}' managed)"
        expect_equal "the subnet on $host" "$(subnet_of node-1 managed)" "$(subnet_of "$host" managed)"
    done
    container node-1 one managed
    container node-3 three managed
    will_reach node-1 one three
    remove node-1 one
    remove node-3 three
    eventually 10 "the controller removes it" on node-2 docker -H "$(controller_url)" network rm managed
    eventually 10 "no engine lists managed" everywhere_lacks_network managed
}

# The ids of such a network are the same at the engine where it was made and in the cluster.
keeps_what_was_asked_for() {
    local id
    id=$(in_time node-2 docker network create --driver skein --ipam-driver skein --subnet 10.150.0.0/24 --ip-range 10.150.0.128/25 --gateway 10.150.0.9 asked)
    eventually 10 "every engine lists asked" everywhere_has_network asked
    expect_equal "the id on node-2" "$id" "$(on node-2 docker network inspect --format '{{.Id}}' asked)"
    expect_equal "the id in the cluster" "$id" "$(on node-1 skein network inspect --format '{{.Id}}' asked)"
    expect_equal "the subnet on node-1" 10.150.0.0/24 "$(subnet_of node-1 asked)"
    container node-1 chosen asked --ip 10.150.0.200
    container node-3 given asked
    expect_equal "the address that was chosen" 10.150.0.200 "$(address_in node-1 chosen asked)"
    expect_match "an address of the range" "^10\.150\.0\.(12[89]|1[3-9].|2..)$" "$(address_in node-3 given asked)"
    reaches node-3 given 10.150.0.200
    reaches node-3 given 10.150.0.9
    fails container node-2 thief asked --ip 10.150.0.200
    expect_match "the refusal" "10\.150\.0\.200" "$OUTPUT"
    remove node-1 chosen
    remove node-3 given
    remove node-2 thief
    drop_network node-3 asked
}

# An engine believes its driver's removal, whatever the driver says; so the network is there again at once.
network_in_use_comes_back() {
    fails on node-1 docker network rm multi
    container node-1 witness multi
    remove node-3 demo3
    on node-3 docker network rm multi || true
    eventually 10 "node-3 lists multi again" has_network node-3 multi
    reaches node-1 witness demo2
    container node-3 demo3 multi
    reaches node-3 demo3 witness
    remove node-1 witness
}

engine_that_was_down_catches_up() {
    make_network node-1 earlier
    kill_part node-3 engine
    in_time node-1 docker network create --driver skein later
    on node-2 docker network rm earlier
    start_again node-3 engine
    eventually 10 "node-3 lists later" has_network node-3 later
    eventually 10 "node-3 no longer lists earlier" lacks_network node-3 earlier
    expect_equal "the subnet on node-3" "$(subnet_of node-1 later)" "$(subnet_of node-3 later)"
    eventually 10 "every engine lists later" everywhere_has_network later
    drop_network node-3 later
}

# one_name_at_once NAME [FLAG…]: two engines create it; one network must be left, and it must work.
one_name_at_once() {
    local name=$1
    shift
    in_time node-1 docker network create --driver skein "$@" "$name" &
    in_time node-2 docker network create --driver skein "$@" "$name" &
    wait
    eventually 10 "every engine has one $name" everywhere_has_network "$name"
    eventually 10 "$name is the same on both" subnets_agree "$name"
    expect_equal "networks of that name in the cluster" 1 "$(on node-3 skein network ls --quiet --filter "name=$name" | wc -l)"
    container node-1 one "$name"
    container node-2 two "$name"
    resolves_to node-1 one two "$(address_in node-2 two "$name")"
    reaches node-1 one two
    reaches node-2 two one
    remove node-1 one
    remove node-2 two
    drop_network node-3 "$name"
}

subnets_agree() {
    [ "$(subnet_of node-1 "$1")" = "$(subnet_of node-2 "$1")" ]
}

two_engines_one_name() {
    local round
    for round in 1 2 3; do
        one_name_at_once "plain$round"
        one_name_at_once "twin$round" --ipam-driver skein
    done
    expect_match "the logs of the workers" "twin[123]" "$(grep -h -E ' (error|warning) ' "$CLUSTER_DIR"/node-[12]/worker.log)"
}

everything_goes_without_a_trace() {
    local prefix
    remove_all_containers node-1 node-2 node-3
    drop_network node-2 multi
    eventually 10 "no namespace or interface on any host" nothing_left node-1 node-2 node-3
    for prefix in networks/ network-names/ vnis/ addresses/ endpoints/ names/ node-endpoints/ sandboxes/ requests/; do
        expect_equal "keys below $prefix" "" "$(store_keys "$prefix")"
    done
}

scenario "frontend and backend: a running container is connected, inspected and disconnected" frontend_and_backend
scenario "a network over three engines: each lists it, and all containers reach each other by name" one_network_over_three_engines
scenario "the first ping of a fresh pair of containers is answered (lesson 20)" first_ping_is_answered
scenario "a running container takes part in a second network of another engine" running_container_takes_part_everywhere
scenario "a network of the controller's comes to every engine, and goes again" created_at_the_controller
scenario "subnet, range, gateway, address and id are what was asked for" keeps_what_was_asked_for
scenario "a network that is in use on another engine stays" network_in_use_comes_back
scenario "an engine that was down catches up" engine_that_was_down_catches_up
scenario "two engines that create one name at once end with one network (lesson 14)" two_engines_one_name
scenario "removing containers and networks leaves no trace" everything_goes_without_a_trace
