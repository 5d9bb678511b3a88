#!/usr/bin/env bash
# Engines that leave their containers running while they are away: no packet is lost, and what happened meanwhile is caught up with.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/containers.sh"

SKEIN_ENGINE_FLAGS=--live-restore cluster_up --hosts 2 --store etcd --engine docker

# while_pinging SECONDS FUNCTION: 100 packets a second between the engines, of which none may be lost. `docker exec` ends with its engine, so
# they are sent from the container's network namespace by its host.
while_pinging() {
    local process address
    process=$(on node-1 docker inspect --format '{{.State.Pid}}' left)
    address=$(address_in node-2 right lasting)
    on node-1 nsenter --target "$process" --net ping -q -i 0.01 -c "${1}00" "$address" >"$CLUSTER_DIR/ping.log" &
    "$2"
    wait
    expect_match "the loss" " 0% packet loss" "$(cat "$CLUSTER_DIR/ping.log")"
    reaches node-2 right left
    nothing_is_stale
}

both_ways() {
    make_network node-1 lasting
    container node-1 left lasting
    container node-2 right lasting --publish 8080:80
    while_pinging 12 engines_restart
}

engines_restart() {
    local host
    for host in node-1 node-2; do
        kill_on_host "$(host_directory "$host")" engine TERM
        start_again "$host" engine
        kill_part "$host" engine
        start_again "$host" engine
    done
}

engine_and_worker() {
    while_pinging 8 engine_and_worker_are_killed
}

engine_and_worker_are_killed() {
    kill_part node-2 engine
    kill_part node-2 worker
    start_again node-2 worker
    start_again node-2 engine
}

published_port_stays() {
    on node-2 docker exec --detach right sh -c 'echo right >/www/index.html; exec httpd -f -p 80 -h /www'
    eventually 10 "the port leads in" on node-1 curl --silent --fail --max-time 5 http://10.98.0.102:8080
    kill_part node-2 engine
    on node-1 curl --silent --fail --max-time 5 http://10.98.0.102:8080
    start_again node-2 engine
    on node-1 curl --silent --fail --max-time 5 http://10.98.0.102:8080
}

# A container that ends while its engine is away.
ended_meanwhile() {
    local pid
    container node-2 brief lasting
    resolves_to node-1 left brief "$(address_in node-2 brief lasting)"
    pid=$(on node-2 docker inspect --format '{{.State.Pid}}' brief)
    kill_part node-2 engine
    on node-2 kill -9 "$pid"
    start_again node-2 engine
    nothing_is_stale 60
    resolves_to node-1 left brief NXDOMAIN
    in_time node-2 docker start brief
    resolves_to node-1 left brief "$(address_in node-2 brief lasting)"
    remove node-2 brief
}

network_created_meanwhile() {
    kill_part node-2 engine
    in_time node-1 docker network create --driver skein meanwhile
    start_again node-2 engine
    eventually 10 "node-2 has the network" has_network node-2 meanwhile
    in_time node-2 docker network connect meanwhile right
    in_time node-1 docker network connect meanwhile left
    will_reach node-1 left right.meanwhile
    on node-2 docker network disconnect meanwhile right
    on node-1 docker network disconnect meanwhile left
    drop_network node-1 meanwhile
}

everything_goes_without_a_trace() {
    remove_all_containers node-1 node-2
    drop_network node-2 lasting
    eventually 10 "no namespace or interface on any host" nothing_left node-1 node-2
    expect_equal "keys of endpoints and addresses" "" "$(store_keys endpoints/)$(store_keys addresses/)"
}

scenario "engines restart and are killed beside running containers: no packet is lost (lesson 25)" both_ways
scenario "engine and worker are killed beside running containers: no packet is lost (lesson 25)" engine_and_worker
scenario "a published port leads in while the engine is away" published_port_stays
scenario "a container that ends while its engine is away leaves nothing (lesson 1)" ended_meanwhile
scenario "a network that was created while the engine was away can be connected" network_created_meanwhile
scenario "removing containers and networks leaves no trace" everything_goes_without_a_trace
