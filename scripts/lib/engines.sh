# shellcheck shell=bash
# The container engines of a cluster: Debian's Docker engine on hosts made by hosts.sh, and the one image that they have. Needs common.sh,
# hosts.sh.

ENGINE_IMAGE=busybox

# The address at which a worker answers DNS on every network: the one thing of an engine that has to be set for Skein.
NAME_SERVICE=169.254.53.53

# start_engine DIRECTORY [FLAG…]: what outlives the host is in DIRECTORY, the rest in its /run. As where Debian's packages run as services,
# containerd is a process of its own, which lives on when the engine is killed. The `vfs` storage works on any file system; the cgroupfs
# driver needs no systemd.
start_engine() {
    local directory=$1
    shift
    part_pid "$directory" containerd >/dev/null || start_containerd "$directory"
    # shellcheck disable=SC2086 # several flags
    start_on_host "$directory" engine dockerd --host unix:///var/run/docker.sock --containerd /run/containerd/containerd.sock \
        --data-root "$directory/engine" --storage-driver vfs --exec-opt native.cgroupdriver=cgroupfs \
        --cgroup-parent "$(host_cgroup "$directory")" --dns "$NAME_SERVICE" $CLUSTER_ENGINE_FLAGS "$@"
}

start_containerd() {
    printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' >"$1/containerd.toml"
    start_on_host "$1" containerd containerd --config "$1/containerd.toml" --root "$1/containerd" --state /run/containerd \
        --address /run/containerd/containerd.sock
}

# make_engine_image FILE: a tar archive of Debian's static busybox under all its names.
make_engine_image() {
    local root=$1.root
    rm -rf "$root"
    mkdir -p "$root/bin" "$root/etc" "$root/tmp" "$root/www"
    cp "$(command -v busybox)" "$root/bin/busybox"
    (cd "$root/bin" && busybox --list | grep -v '^busybox$' | xargs -n 1 ln -s busybox)
    printf 'root:x:0:0:root:/:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\n' >"$root/etc/group"
    tar --create --file "$1" --directory "$root" .
    rm -rf "$root"
}

# import_engine_image DIRECTORY FILE: into the engine of that host.
import_engine_image() {
    on_host "$1" PATH="$CLUSTER_PATH" docker import --change 'CMD ["sh"]' "$2" "$ENGINE_IMAGE" >"$1/import.log" 2>&1 \
        || die "the engine on $(basename "$1") did not take the image: $(tail -n 1 "$1/import.log")"
}
