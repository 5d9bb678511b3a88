# shellcheck shell=bash
# The Debian packages that the scripts need. Nothing is touched when all are there.

# To build, to run the tests and the clusters of namespaces.
CORE_PACKAGES=(
    libcurl4-openssl-dev libmnl-dev libnl-route-3-dev libnftables-dev libknot-dev libsqlite3-dev pkg-config
    etcd-server iproute2 iputils-ping nftables jq dnsutils tcpdump procps util-linux curl git ca-certificates
)
# The engines of a cluster, what their one image is made of, and a DNS server for the world outside.
ENGINE_PACKAGES=(docker.io containerd runc iptables busybox-static dnsmasq-base)
# What the benchmarks are measured beside.
BENCH_PACKAGES=(dnsmasq-base knot dnsperf)

# ensure_packages PACKAGE…: installs those that are missing.
ensure_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null || die "these scripts install packages with apt and need Debian 12 or newer"
    for package in "$@"; do
        package_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    require_root "installing Debian packages (${missing[*]})"
    update_package_lists
    with_progress "Installing ${missing[*]}" "$SKEIN_ROOT/.build/log/apt-install.log" without_starting_services \
        env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
    disable_services "${missing[@]}"
}

package_installed() {
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] || [ "$1" = "$(provided_by_command "$1")" ]
}

# A tool may be there without its package; then the package is not needed. Prints the package's name in that case.
provided_by_command() {
    local command
    case $1 in
    etcd-server) command=etcd ;;
    docker.io) command=dockerd ;;
    dnsmasq-base) command=dnsmasq ;;
    jq | tcpdump | curl | git | containerd | runc | iptables) command=$1 ;;
    dnsutils) command=dig ;;
    iproute2) command=ip ;;
    pkg-config) command=pkg-config ;;
    *) return 0 ;;
    esac
    ! command -v "$command" >/dev/null || echo "$1"
}

# Once a run of a script at most.
update_package_lists() {
    [ -z "${SKEIN_APT_UPDATED:-}" ] || return 0
    with_progress "Updating the package lists" "$SKEIN_ROOT/.build/log/apt-update.log" apt-get update
    export SKEIN_APT_UPDATED=1
}

# without_starting_services COMMAND…: Debian starts a service when its package is installed; policy-rc.d (invoke-rc.d(8)) forbids
# it for the time of the command.
without_starting_services() {
    local policy=/usr/sbin/policy-rc.d kept=/usr/sbin/policy-rc.d.before-skein status=0
    if [ -e "$policy" ] && [ ! -e "$kept" ]; then mv "$policy" "$kept"; fi
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    "$@" || status=$?
    rm -f "$policy"
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
    return "$status"
}

# disable_services PACKAGE…: what came only as a program for tests must not start as a service at the next boot either.
disable_services() {
    local unit
    command -v systemctl >/dev/null || return 0
    dpkg-query --listfiles "$@" | sed -n -E 's,.*/systemd/system/([^/@]*\.(service|socket))$,\1,p' | sort -u | while read -r unit; do
        case $unit in etcd* | knot* | dnsmasq* | docker* | containerd*) systemctl disable --quiet "$unit" 2>/dev/null || true ;; esac
    done
}

# ensure_docker_command: the `docker` command line, and nothing of the engine: unpacked from Debian's package, not installed.
# Adds its folder to PATH when there is no other.
ensure_docker_command() {
    local tools=$SKEIN_ROOT/.build/tools
    command -v docker >/dev/null && return 0
    if [ ! -x "$tools/usr/bin/docker" ]; then
        require_root "updating the package lists for the docker command line"
        update_package_lists
        mkdir -p "$tools/download"
        with_progress "Fetching the docker command line" "$SKEIN_ROOT/.build/log/docker-cli.log" unpack_docker_command "$tools"
    fi
    PATH=$PATH:$tools/usr/bin
}

# Debian 12 has the command line in docker.io, later releases in docker-cli.
unpack_docker_command() {
    local tools=$1 package=docker.io
    ! apt-cache show docker-cli >/dev/null 2>&1 || package=docker-cli
    (cd "$tools/download" && apt-get -o APT::Sandbox::User=root download "$package")
    dpkg-deb --extract "$tools"/download/"$package"_*.deb "$tools/unpacked"
    mkdir -p "$tools/usr/bin"
    cp "$tools/unpacked/usr/bin/docker" "$tools/usr/bin/docker"
    rm -rf "$tools/unpacked" "$tools/download"
}
