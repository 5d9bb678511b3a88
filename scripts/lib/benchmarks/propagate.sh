# shellcheck shell=bash
# From the request of an attach on one host until another host has it in its kernel and in its names. The request's begin is taken for
# the commit, so the figures hold the commit too. Beside it: when the attaching host itself has answered.

bench_propagate() {
    local namespace gateway number names=()
    for ((number = 0; number < PROPAGATED; number++)); do names+=("p$number"); done
    {
        on node-1 skein network create bench-propagate
        on node-2 skein sandbox create watcher --net bench-propagate
        for number in "${names[@]}"; do on node-1 skein sandbox create "$number"; done
    } >"$WORK/log"
    namespace=$(network_namespace node-2 bench-propagate)
    gateway=$(network_gateway node-2 bench-propagate)
    programmed_after "$namespace" "${names[@]}"
    resolvable_after "$gateway" "${names[@]}"
    on node-1 skein sandbox rm -f "${names[@]}" >>"$WORK/log"
    on node-2 skein sandbox rm -f watcher >>"$WORK/log"
    on node-1 skein network rm bench-propagate >>"$WORK/log"
}

# programmed_after NAMESPACE NAME…: when the other host's kernel has each neighbour, as its own monitor tells.
programmed_after() {
    local namespace=$1 count=$(($# - 1))
    shift
    start_on_host "$(host_directory node-2)" monitor env TZ=UTC ip -n "$namespace" -ts -o monitor neigh
    # The first change that is seen says that the monitor listens.
    until_true 10 monitor_listens "$namespace" || die "the monitor of node-2 did not start"
    on node-1 skein-bench connect --network bench-propagate "$@" >"$WORK/connects"
    until_true 10 monitor_has "$count" || die "not all neighbours appeared on node-2"
    kill_on_host "$(host_directory node-2)" monitor
    propagation_row "programmed on another host" "$(programmed_times | head -n "$count")"
    on node-1 skein-bench connect --detach --network bench-propagate "$@" >"$WORK/disconnects"
}

monitor_listens() {
    on node-2 ip -n "$1" neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev br0 nud permanent
    grep -q 192.0.2.1 "$(host_directory node-2)/monitor.log"
}

monitor_has() {
    [ "$(programmed_times | wc -l)" -ge "$1" ]
}

# programmed_times: microseconds of the time of day; the neighbour that tested the monitor is none of ours.
programmed_times() {
    TZ=UTC awk '/PERMANENT/ && !/192\.0\.2\.1|Deleted/ {
        time = substr($1, 2, 26)
        fraction = substr(time, 21)
        gsub(/[-T:.]/, " ", time)
        printf "%d%06d\n", mktime(substr(time, 1, 19)), fraction
    }' "$(host_directory node-2)/monitor.log"
}

# resolvable_after GATEWAY NAME…: when each name is first answered there.
resolvable_after() {
    local gateway=$1 pid
    shift
    on node-2 ip netns exec sk-watcher skein-bench resolve "$gateway" "$@" >"$WORK/names" &
    pid=$!
    on node-1 skein-bench connect --network bench-propagate "$@" >"$WORK/connects"
    wait "$pid"
    propagation_row "resolvable on another host" "$(awk '{ print $2 }' "$WORK/names")"
}

# propagation_row WHAT TIMES: one time a line, in the order of the attaches.
propagation_row() {
    row propagate "$1, median of $PROPAGATED" ms \
        "$(paste -d ' ' "$WORK/connects" <(printf '%s\n' "$2") | awk '{ print ($4 - $2) / 1000 }' | median)" \
        "answered by the attaching host" "$(awk '{ print ($3 - $2) / 1000 }' "$WORK/connects" | median)"
}
