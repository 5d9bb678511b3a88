# shellcheck shell=bash
# An image with Skein's programs, for engines that reach no registry: what compose/Dockerfile makes, on a base that is put together here.
# Needs common.sh, hosts.sh.

# make_base_image PROGRAMS FILE: a tar archive of busybox and every shared library that the programs need: what `apt-get install` puts into
# the real base, so that apt-get itself has nothing to do.
make_base_image() {
    local programs=$1 root=$2.root library
    rm -rf "$root"
    mkdir -p "$root/bin" "$root/usr/bin" "$root/etc" "$root/tmp" "$root/run" "$root/var/lib/apt/lists"
    ln -s ../run "$root/var/run"
    cp "$(command -v busybox)" "$root/bin/busybox"
    (cd "$root/bin" && busybox --list | grep -v '^busybox$' | xargs -n 1 ln -s busybox)
    printf '#!/bin/sh\nexit 0\n' >"$root/usr/bin/apt-get"
    chmod 755 "$root/usr/bin/apt-get"
    printf 'root:x:0:0:root:/:/bin/sh\n' >"$root/etc/passwd"
    for library in $(ldd "$programs"/skein "$programs"/skein-worker "$programs"/skein-controller \
        | sed -n 's|^.*[[:space:]]\(/[^ :]*\) (0x.*|\1|p' | sort -u); do
        mkdir -p "$root$(dirname "$library")"
        cp --dereference "$library" "$root$library"
        strip --strip-unneeded "$root$library" 2>/dev/null || true
    done
    tar --create --file "$2" --directory "$root" .
    rm -rf "$root"
}

# build_image HOST PROGRAMS BASE: the image `skein`, by the Dockerfile, in the engine of a host.
build_image() {
    local host=$1 programs=$2 base=$3 context=$CLUSTER_DIR/context program
    mkdir -p "$context/programs"
    cp "$SKEIN_ROOT/compose/Dockerfile" "$context/"
    for program in skein skein-worker skein-controller; do
        [ -f "$context/programs/$program" ] || strip -o "$context/programs/$program" "$programs/$program"
    done
    on "$host" docker import "$base" skein-base
    on "$host" docker build --network none --tag skein --target prebuilt --build-arg BASE=skein-base --build-arg PROGRAMS=programs \
        --file "$context/Dockerfile" "$context"
}
