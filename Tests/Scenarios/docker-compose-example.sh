#!/usr/bin/env bash
# The example application of compose/example on real engines: a balancer, web servers and a database on three networks.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/scenario.sh"
. "$SKEIN_LIB/packages.sh"
. "$SKEIN_LIB/progress.sh"
. "$SKEIN_LIB/containers.sh"

ensure_packages docker-compose
cluster_up --hosts 2 --store etcd --engine docker

EXAMPLE=$SKEIN_ROOT/compose/example

# example HOST ARGUMENT…
example() {
    on "$1" "$EXAMPLE/example" "${@:2}"
}

# compose HOST ARGUMENT…
compose() {
    on "$1" docker-compose --project-name app --file "$EXAMPLE/compose.yaml" "${@:2}"
}

# page HOST: what the balancer's port on node-1 answers.
page() {
    on "$1" curl --silent --fail --max-time 5 http://10.98.0.101:8080/
}

is_served() {
    [[ $(page "$1") == "visit "* ]]
}

# servers COUNT: as many web servers have answered, of what some requests were answered by.
servers() {
    local seen
    seen=$(for _ in $(seq 16); do page node-2; done | sed -n 's/.*served by //p' | sort -u | wc -l)
    [ "$seen" -ge "$1" ]
}

works_on_one_engine() {
    example node-1 up
    eventually 10 "the page is served" is_served node-2
    eventually 10 "both web servers answer" servers 2
    local first second
    first=$(page node-2 | sed 's/visit \([0-9]*\).*/\1/')
    second=$(page node-2 | sed 's/visit \([0-9]*\).*/\1/')
    expect_equal "the next visit" $((first + 1)) "$second"
}

# An engine answers for an alias itself while it has a container of that alias, and asks the cluster when it has none.
goes_on_with_another_engine() {
    example node-2 web web3
    on node-1 docker stop web1 web2
    eventually 10 "the one on the other engine answers" is_served node-2
    expect_match "the page" "served by $(on node-2 docker inspect --format '{{.Config.Hostname}}' web3)" "$(page node-2)"
    in_time node-1 docker start web1 web2
    eventually 10 "both web servers answer again" servers 2
}

networks_are_apart() {
    fails inside node-1 balancer timeout 2 wget -q -O - http://database:5432/
    fails inside node-1 database timeout 2 wget -q -O - http://web/
    expect_equal "the database's way out" "" "$(inside node-1 database ip route | grep default || true)"
}

goes_without_a_trace() {
    example node-2 down
    example node-1 down
    eventually 10 "no network is left" no_networks
    eventually 40 "nothing of a network is left" nothing_left node-1 node-2
}

no_networks() {
    local host
    for host in node-1 node-2; do [ -z "$(on "$host" docker network ls --quiet --filter driver=skein)" ] || return 1; done
}

works_with_compose() {
    compose node-1 up --detach --scale web=2
    eventually 10 "the page is served" is_served node-2
    eventually 10 "both web servers answer" servers 2
    expect_equal "the networks on the other engine" "app_back app_front app_public" \
        "$(on node-2 docker network ls --filter driver=skein --format '{{.Name}}' | sort | paste -s -d ' ')"
    compose node-1 down --volumes
    eventually 10 "no network is left" no_networks
}

scenario "a balancer, two web servers and a database work on one engine" works_on_one_engine
scenario "a web server on another engine has their name, and serves when they have stopped" goes_on_with_another_engine
scenario "who is on no common network does not reach" networks_are_apart
scenario "removed, the application leaves nothing" goes_without_a_trace
scenario "docker-compose makes the same" works_with_compose
