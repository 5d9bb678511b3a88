# shellcheck shell=bash
# Building with the Swift toolchain that is on PATH.

ensure_swift() {
    local version
    command -v swift >/dev/null \
        || die "no Swift toolchain on PATH: install Swift 6.2 or newer (https://www.swift.org/install) and run this again"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
    dpkg --compare-versions "${version:-0}" ge 6.2 || die "Swift ${version:-of unknown version} on PATH is too old: 6.2 or newer is needed"
}

# build_flags CONFIGURATION: release binaries carry the Swift library, so that a host needs no toolchain.
build_flags() {
    case $1 in
    release) echo "-c release --static-swift-stdlib" ;;
    debug) echo "-c debug" ;;
    *) die "\"$1\" is no build configuration: release or debug" ;;
    esac
}

# chosen_configuration: SKEIN_CONFIGURATION, or what has been built already, or release.
chosen_configuration() {
    if [ -n "${SKEIN_CONFIGURATION:-}" ]; then
        echo "$SKEIN_CONFIGURATION"
    elif [ ! -x "$SKEIN_ROOT/.build/release/skein-worker" ] && [ -x "$SKEIN_ROOT/.build/debug/skein-worker" ]; then
        echo debug
    else
        echo release
    fi
}

# The programs that a host runs, and the benchmarks.
SKEIN_PROGRAMS=(skein skein-controller skein-worker skein-bench)

# build_binaries CONFIGURATION
build_binaries() {
    local flags
    read -ra flags <<<"$(build_flags "$1")"
    with_progress "Building ($1)" "$SKEIN_ROOT/.build/log/build-$1.log" build_programs --package-path "$SKEIN_ROOT" "${flags[@]}"
}

# build_programs FLAG…: one by one, since a build of everything takes along what the tests share, and that needs the Testing library, of
# which there is no static form.
build_programs() {
    local program
    for program in "${SKEIN_PROGRAMS[@]}"; do swift build "$@" --product "$program" || return; done
}

# binaries_directory CONFIGURATION
binaries_directory() {
    echo "$SKEIN_ROOT/.build/$1"
}
