# shellcheck shell=bash
# What every script needs: strictness, paths, messages, times, progress. Sourced, never run.
set -euo pipefail

SKEIN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
SKEIN_LIB=$SKEIN_ROOT/scripts/lib
export SKEIN_ROOT SKEIN_LIB

# die MESSAGE…: one clear sentence on standard error, exit status 1.
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# usage_error MESSAGE…: for wrong arguments, exit status 2.
usage_error() {
    printf '%s: %s (scripts/%s --help tells more)\n' "$(basename "$0")" "$*" "$(basename "$0")" >&2
    exit 2
}

# usage_from FILE: prints the comment block that follows the first line of a script.
usage_from() {
    sed -n '2,/^[^#]/{/^#/!q; s/^# \{0,1\}//; p}' "$1"
}

require_root() {
    [ "$(id -u)" = 0 ] || die "$1 needs root: run it with sudo"
}

# Milliseconds of the machine's monotonic clock.
now_ms() {
    local up
    read -r up _ </proc/uptime
    echo $((10#${up/./} * 10))
}

# seconds_since MILLISECONDS: such as "12.3".
seconds_since() {
    local passed=$(($(now_ms) - $1))
    printf '%d.%d' $((passed / 1000)) $((passed % 1000 / 100))
}

# until_true SECONDS COMMAND…: waits for a condition; fails once the deadline has passed.
until_true() {
    local deadline=$(($(now_ms) + $1 * 1000))
    shift
    until "$@"; do
        [ "$(now_ms)" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}
