# shellcheck shell=bash
# Hosts made of namespaces: each is a holder process (host-init) with its own mount, UTS, network and PID namespaces. Nothing is
# bound to a file, so a host is gone, with everything on it, when its holder is. Needs common.sh and process.sh.

# start_host NAME DIRECTORY: DIRECTORY keeps the holder's pid and log, and the host's /etc, which outlives the host; put a file "hosts"
# there for its /etc/hosts.
start_host() {
    local name=$1 directory=$2
    mkdir -p "$directory"
    rm -f "$directory/init" "$directory"/*.pid
    setsid unshare --mount --uts --net --pid --fork --kill-child "$SKEIN_LIB/host-init" "$name" "$directory" \
        </dev/null >"$directory/init.log" 2>&1 &
    disown
    until_true 20 test -f "$directory/init" || die "host $name did not start: $(tail -n 1 "$directory/init.log")"
}

# host_pid DIRECTORY: the holder's pid on this machine, if it runs.
host_pid() {
    recorded_process "$1/init"
}

# on_host DIRECTORY COMMAND…: runs a command as on that host, in the caller's working directory; `docker` means the engine there.
on_host() {
    local pid
    pid=$(host_pid "$1") || die "host $(basename "$1") is not up"
    shift
    nsenter --target "$pid" --mount --uts --net --pid env --unset=DOCKER_{HOST,CONTEXT,TLS_VERIFY,CERT_PATH} --chdir="$PWD" "$@"
}

# start_on_host DIRECTORY PART COMMAND…: starts a daemon there; its pid (as the host knows it) and output are kept by PART.
start_on_host() {
    local directory=$1 part=$2
    shift 2
    rm -f "$directory/$part.pid"
    # shellcheck disable=SC2016 # expanded by the host's shell
    on_host "$directory" setsid bash -c '. "$SKEIN_LIB/common.sh"; . "$SKEIN_LIB/process.sh"; record_process "$1" $$; shift; exec "$@"' \
        bash "$directory/$part.pid" "$@" </dev/null >>"$directory/$part.log" 2>&1 &
    disown
    until_true 10 test -f "$directory/$part.pid" || die "$part on $(basename "$directory") did not start: see $directory/$part.log"
}

# part_pid DIRECTORY PART: the pid of a daemon, as its host knows it, if it runs.
part_pid() {
    [ -f "$1/$2.pid" ] && host_pid "$1" >/dev/null || return 1
    # shellcheck disable=SC2016
    on_host "$1" bash -c '. "$SKEIN_LIB/common.sh"; . "$SKEIN_LIB/process.sh"; recorded_process "$1"' bash "$1/$2.pid"
}

# kill_on_host DIRECTORY PART [SIGNAL]
kill_on_host() {
    # shellcheck disable=SC2016
    on_host "$1" bash -c '. "$SKEIN_LIB/common.sh"; . "$SKEIN_LIB/process.sh"; kill_recorded "$1" "$2"' \
        bash "$1/$2.pid" "${3:-KILL}"
}

# stop_host DIRECTORY: ends everything on the host. None is no error.
stop_host() {
    local group
    [ -d "$1" ] || return 0
    kill_recorded "$1/init"
    for group in /sys/fs/cgroup"$(host_cgroup "$1")" /sys/fs/cgroup/*"$(host_cgroup "$1")"; do
        [ ! -d "$group" ] || until_true 5 remove_cgroups "$group" || echo "control groups are left in $group" >&2
    done
}

# host_cgroup DIRECTORY: the control group below which the host's containers are, the same in each life of the host. Control groups belong
# to the machine and outlive their processes.
host_cgroup() {
    echo "/skein-host-$(stat --format %d-%i "$1")"
}

remove_cgroups() {
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
}

# make_fabric DIRECTORY ADDRESS/LENGTH: a host that is nothing but the bridge between the others, and the world outside to them.
make_fabric() {
    start_host fabric "$1"
    on_host "$1" ip -batch - <<-BATCH
	link add br0 type bridge
	address add $2 dev br0
	link set br0 up
	BATCH
}

# hardware_address ADDRESS/LENGTH: a host's own, which it keeps when it is booted again, as a machine does. The others believe their neighbour
# tables: of a table that was written within a second (arp(7), locktime) they would send to the old one for some seconds more.
hardware_address() {
    local bytes
    IFS=. read -ra bytes <<<"${1%/*}"
    printf '02:98:%02x:%02x:%02x:%02x' "${bytes[@]}"
}

# join_fabric FABRIC NAME DIRECTORY ADDRESS/LENGTH ROUTER: gives a host its eth0, plugged into the fabric's bridge.
join_fabric() {
    local fabric=$1 name=$2 directory=$3 address=$4 router=$5 fabric_pid
    fabric_pid=$(host_pid "$fabric") || die "the fabric is not up"
    # The kernel takes its time to remove that of a host that has just ended.
    nsenter --target "$fabric_pid" --net ip link del "$name" 2>/dev/null || true
    nsenter --target "$fabric_pid" --net ip link add "$name" type veth \
        peer name eth0 address "$(hardware_address "$address")" netns "$(host_pid "$directory")"
    nsenter --target "$fabric_pid" --net ip link set "$name" master br0 up
    on_host "$directory" ip -batch - <<-BATCH
	address add $address dev eth0
	link set eth0 up
	route add default via $router
	BATCH
}
