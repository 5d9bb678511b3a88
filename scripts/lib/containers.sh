# shellcheck shell=bash
# What the scenarios with real engines share: containers, what they reach and resolve, what an engine lists, what is left of them.
# Needs scenario.sh.

# MARK: Containers

# in_time HOST COMMAND…: docker's, with its undoing in UNDO if it needs one. A driver that gets no answer of its store, no processor or no disk
# for most of a second gives up within the engine's patience and says that these are slow, which is the machine's doing: it is asked again, and
# that is told at the end of the file.
in_time() {
    local host=$1 said status
    said=$(mktemp "$CLUSTER_DIR/said.XXXXXX")
    for _ in 1 2 3; do
        status=0
        on "$@" 2>"$said" || status=$?
        if [ "$status" = 0 ] || ! grep -q "is slow" "$said"; then break; fi
        printf '%s: %s\n' "$*" "$(tr '\n' ' ' <"$said")" >>"$CLUSTER_DIR/asked-again"
        # shellcheck disable=SC2086 # several words
        [ -z "${UNDO:-}" ] || on "$host" $UNDO >/dev/null
    done
    cat "$said" >&2
    return "$status"
}

# container HOST NAME NETWORK [FLAG…]: one that sleeps, and that ends at once when it is stopped.
container() {
    UNDO="docker rm --force $2" in_time "$1" docker run --detach --init --name "$2" --net "$3" "${@:4}" busybox sleep 1h
}

# inside HOST CONTAINER COMMAND…
inside() {
    on "$1" docker exec "${@:2}"
}

# reaches HOST CONTAINER TARGET: one packet, by name or address.
reaches() {
    inside "$1" "$2" ping -c 1 -W 2 "$3"
}

# will_reach HOST CONTAINER TARGET: soon; a name of another engine is known when its engine has told of it.
will_reach() {
    eventually 10 "$2 reaches $3" reaches "$@"
}

# all_reach_all NAME…: that is, each on the host of its place: the first on node-1, and so on.
all_reach_all() {
    local from to number=0
    for from in "$@"; do
        number=$((number + 1))
        for to in "$@"; do will_reach "node-$number" "$from" "$to"; done
    done
}

# address_in HOST CONTAINER NETWORK: as the engine says.
address_in() {
    on "$1" docker inspect --format "{{(index .NetworkSettings.Networks \"$3\").IPAddress}}" "$2"
}

# is_running HOST CONTAINER
is_running() {
    [ "$(on "$1" docker inspect --format '{{.State.Running}}' "$2")" = true ]
}

# remove HOST CONTAINER…
remove() {
    on "$1" docker rm --force "${@:2}"
}

# remove_all_containers HOST…
remove_all_containers() {
    local host
    for host in "$@"; do
        # shellcheck disable=SC2016 # expanded on the host
        on "$host" bash -c 'docker ps --all --quiet | xargs --no-run-if-empty docker rm --force'
    done
}

# MARK: Names

# answer HOST CONTAINER NAME: the IPv4 addresses that the container's resolver has for a name, sorted; or what it says instead, such as NXDOMAIN.
answer() {
    local said
    said=$(inside "$1" "$2" nslookup -type=a "$3" 2>&1) || true
    if grep -q '^Name:' <<<"$said"; then
        sed -n '/^Name:/,$s/^Address: *//p' <<<"$said" | sort | paste -s -d ' '
    else
        grep -o -E 'NXDOMAIN|SERVFAIL|REFUSED|No answer|timed out' <<<"$said" | head -n 1 || echo "$said"
    fi
}

# answers HOST CONTAINER NAME EXPECTED
answers() {
    [ "$(answer "$1" "$2" "$3")" = "$4" ]
}

# resolves_to HOST CONTAINER NAME EXPECTED: soon; a name of another engine is known when its engine has told of it.
resolves_to() {
    until_true 5 answers "$@" || expect_equal "$3 in $2 on $1" "$4" "$(answer "$1" "$2" "$3")"
}

# MARK: Networks

# has_network HOST NAME: exactly one of that name.
has_network() {
    [ "$(on "$1" docker network ls --format '{{.Name}}' | grep -c -x "$2")" = 1 ]
}

lacks_network() {
    [ -z "$(on "$1" docker network ls --format '{{.Name}}' | grep -x "$2")" ]
}

everywhere_has_network() {
    local host
    for host in $(worker_names); do has_network "$host" "$1" || return 1; done
}

everywhere_lacks_network() {
    local host
    for host in $(worker_names); do lacks_network "$host" "$1" || return 1; done
}

# make_network HOST NAME [FLAG…]: and waits until every engine has it, and not what its user made and the worker makes anew.
make_network() {
    in_time "$1" docker network create --driver skein "${@:3}" "$2"
    eventually 10 "every engine has $2" everywhere_has_network "$2"
    [[ " ${*:3} " == *" --ipam-driver "* ]] || eventually 10 "every engine has the cluster's $2" everywhere_has_twin "$2"
}

# everywhere_has_twin NAME: the network that each worker has made for the cluster's.
everywhere_has_twin() {
    local host
    for host in $(worker_names); do
        [ -n "$(on "$host" docker network inspect --format '{{index .Options "com.skein.network"}}' "$1")" ] || return 1
    done
}

# drop_network HOST NAME: once no engine has a container there any more.
drop_network() {
    eventually 20 "no engine has $2" is_dropped "$1" "$2"
}

# is_dropped HOST NAME: a container that was removed a moment ago may be detached later, and the network comes back then.
is_dropped() {
    lacks_network "$1" "$2" || on "$1" docker network rm "$2" || return 1
    everywhere_lacks_network "$2"
}

# subnet_of HOST NETWORK
subnet_of() {
    on "$1" docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$2"
}

# MARK: What is left

# endpoints_of_containers: how many the running containers of all engines have on networks of ours.
endpoints_of_containers() {
    local host total=0 networks count
    for host in $(worker_names); do
        networks=$(on "$host" docker network ls --quiet --no-trunc --filter driver=skein) || return 1
        # shellcheck disable=SC2016 # expanded on the host
        count=$(on "$host" bash -c 'docker ps --quiet | xargs --no-run-if-empty docker inspect' \
            | jq --arg networks "$networks" '[.[].NetworkSettings.Networks[] | select(.NetworkID as $id | $networks | contains($id)) | select(.EndpointID != "")] | length' \
            | paste -s -d + | sed 's/^$/0/')
        total=$((total + count))
    done
    echo "$total"
}

# store_matches_engines: no endpoint in the store is stale and none is missing; no address is lost: each is an endpoint's or a gateway's.
store_matches_engines() {
    local endpoints
    endpoints=$(endpoints_of_containers) || return 1
    [ "$(count_keys endpoints/)" = "$endpoints" ] || return 1
    [ "$(count_keys addresses/)" = "$((endpoints + $(count_keys networks/)))" ]
}

# nothing_is_stale [SECONDS]: soon, or within that time.
nothing_is_stale() {
    until_true "${1:-10}" store_matches_engines && return 0
    printf 'the store has other endpoints or addresses than the engines, which have %s endpoints:\n' "$(endpoints_of_containers)"
    store_keys endpoints/
    store_keys addresses/
    return 1
}
